use std::{
    cell::Cell,
    io::{Cursor, Read, Seek, SeekFrom},
    time::Instant,
};

use super::{codes, read};
use crate::{
    builder::{Book, CHAPTER, Entry, PACKAGE, Random},
    checks::{CONTAINER_RULES, RULES},
    epub::EpubProfile,
    inspect::{InspectError, inspect, inspect_directory},
    limits::Limits,
    watch::{Unwatched, Watch},
};

/// More than any of these books needs, even without optimisation and on a busy machine; far less than a bomb would.
const SECONDS: u64 = 30;

fn repeated(count: u32, part: impl Fn(u32) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().concat()
}

#[test]
fn every_hostile_book_is_told_by_its_own_code_in_bounded_time() {
    let deep = "<div>".repeat(200_000);
    let cases = [
        ("ESP-101", Book::epub3().bomb(8 << 20)),
        ("ESP-101", Book::epub3().bomb(200 << 20)),
        ("ESP-104", Book::epub3().bomb(64 << 20).lying_size(100)),
        (
            "ESP-102",
            Book::epub3()
                .file("EPUB/a", "x")
                .change("EPUB/a", |entry| entry.declared_size = Some(u32::MAX - 1))
                .file("EPUB/b", "x")
                .change("EPUB/b", |entry| entry.declared_size = Some(i32::MAX.unsigned_abs())),
        ),
        ("ESP-104", Book::epub3().lying_size(5)),
        ("ESP-105", Book::epub3().named(b"..\\..\\evil.exe")),
        ("ESP-105", Book::epub3().named(b"C:\\evil.exe")),
        ("ESP-107", Book::epub3().link("EPUB/evil", "/etc/passwd")),
        ("ESP-108", Book::epub3().file("EPUB/inner.zip", "PK")),
        ("OPF-060", Book::epub3().entry(Entry::deflated(PACKAGE, "<package/>"))),
        ("ESP-111", Book::epub3().entity_expansion()),
        ("HTM-003", Book::epub3().external_entity()),
        ("ESP-110", Book::epub3().body(&deep)),
        ("ESP-110", Book::epub3().body(&format!("<p {}/>", repeated(9000, |n| format!("a{n}='' "))))),
        ("ESP-110", Book::epub3().file(CHAPTER, Random::bytes(3, 17 << 20))),
        ("PKG-027", Book::epub3().named(b"EPUB/\xff\xfe")),
        ("PKG-008", Book::epub3().truncated(900)),
    ];
    for (code, book) in cases {
        let bytes = book.build();
        let start = Instant::now();
        let read = read(bytes, "book.epub").unwrap();
        assert!(codes(&read).contains(&code), "{code} is not among {:?}", codes(&read));
        assert!(!codes(&read).contains(&"ESP-198"), "a rule failed itself");
        assert!(start.elapsed().as_secs() < SECONDS, "{code} took {:?}", start.elapsed());
    }
}

#[test]
fn names_and_namespaces_that_multiply_stay_bounded() {
    let namespaces: String = repeated(200, |n| format!("xmlns:n{n}='u{n}' "));
    let scopes = format!("<div {namespaces}>").repeat(30) + &"<b xmlns:x='y'/>".repeat(50_000);
    let items: String = repeated(20_000, |n| format!("<item id='i{n}' href='f{n}' fallback='i{}'/>", n + 1));
    let spine: String = repeated(20_000, |n| format!("<itemref idref='i{n}'/>"));
    let ids = "<dc:creator id='c'>x</dc:creator><meta refines='#c' property='role'>aut</meta>".repeat(3_000);
    let books = [
        Book::epub3().body(&scopes),
        Book::epub3().edit(PACKAGE, "</manifest>", &format!("{items}</manifest>")).edit(
            PACKAGE,
            "</spine>",
            &format!("{spine}</spine>"),
        ),
        Book::epub3().metadata(&ids),
        Book::epub3().body(&"<i id='x'/>".repeat(100_000).replace('\n', "")),
    ];
    for book in books {
        let start = Instant::now();
        read(book.build(), "book.epub").unwrap();
        assert!(start.elapsed().as_secs() < SECONDS, "took {:?}", start.elapsed());
    }
}

#[test]
fn more_entries_than_the_limit_are_refused_before_they_are_kept() {
    let limits = Limits { entries: 3, ..Limits::default() };
    let read = inspect(&mut Cursor::new(Book::epub3().build()), "book.epub", &limits, &Unwatched).unwrap();
    assert_eq!(codes(&read), ["ESP-115"]);
}

#[test]
fn a_directory_with_more_files_than_the_limit_is_a_finding_that_names_the_limit() {
    let root = tempfile::tempdir().unwrap();
    for number in 0..4 {
        std::fs::write(root.path().join(number.to_string()), "x").unwrap();
    }
    let limits = Limits { entries: 3, ..Limits::default() };
    let read = inspect_directory(root.path(), EpubProfile::Default, &limits, &Unwatched).unwrap();
    assert_eq!(codes(&read), ["ESP-115"]);
    assert_eq!(read.findings[0].data["limit"], "3");
}

#[test]
fn findings_of_one_code_are_limited_and_the_rest_counted() {
    let links: String = repeated(150, |n| format!("<a href=\"none{n}.xhtml\">x</a>"));
    let read = read(Book::epub3().body(&links).build(), "book.epub").unwrap();
    assert_eq!(codes(&read).iter().filter(|code| **code == "RSC-007").count(), 100);
    let more = read.findings.iter().find(|finding| finding.code.as_str() == "ESP-199").unwrap();
    assert_eq!(more.data["count"], "50");
}

#[test]
fn a_book_that_is_cut_anywhere_is_a_finding_and_never_a_panic() {
    let whole = Book::epub3().build();
    for part in 0..100 {
        let cut = whole[..whole.len() * part / 100].to_vec();
        let read = read(cut, "book.epub").unwrap();
        assert!(codes(&read).contains(&"PKG-008"), "cut at {part} %: {:?}", codes(&read));
    }
}

#[test]
fn any_byte_may_be_another_without_a_panic() {
    let whole = Book::epub2().body("<p><a href=\"#one\">x</a></p>").build();
    let mut random = Random::new(42);
    for _ in 0..1000 {
        let mut bytes = whole.clone();
        let place = usize::try_from(random.number() % bytes.len() as u64).unwrap();
        bytes[place] ^= u8::try_from(random.number() % 255).unwrap() + 1;
        if let Ok(read) = read(bytes, "book.epub") {
            assert!(!codes(&read).contains(&"ESP-198"), "a rule failed itself at byte {place}");
        }
    }
}

/// Has enough when it was asked so often.
struct Impatient {
    asked: Cell<usize>,
    patience: usize,
}

impl Watch for Impatient {
    fn progress(&self, _done: u64, _total: u64) {}

    fn is_cancelled(&self) -> bool {
        self.asked.set(self.asked.get() + 1);
        self.asked.get() > self.patience
    }
}

#[test]
fn cancelling_stops_the_reading_and_the_checks_too() {
    let asked_in_all = {
        let patient = Impatient { asked: Cell::new(0), patience: usize::MAX };
        inspect(&mut Cursor::new(Book::epub3().build()), "book.epub", &Limits::default(), &patient).unwrap();
        patient.asked.get()
    };
    let rules = RULES.len() + CONTAINER_RULES.len();
    assert!(asked_in_all > rules, "asked before each rule too: {asked_in_all}");
    for patience in [5, asked_in_all - rules, asked_in_all - 2] {
        let watch = Impatient { asked: Cell::new(0), patience };
        let read = inspect(&mut Cursor::new(Book::epub3().build()), "book.epub", &Limits::default(), &watch);
        assert!(matches!(read, Err(InspectError::Cancelled)), "after {patience} questions");
    }
}

#[test]
fn a_large_book_is_read_without_reading_its_media() {
    struct Counting {
        file: std::fs::File,
        bytes: usize,
    }
    impl Read for Counting {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = self.file.read(buffer)?;
            self.bytes += count;
            Ok(count)
        }
    }
    impl Seek for Counting {
        fn seek(&mut self, position: SeekFrom) -> std::io::Result<u64> {
            self.file.seek(position)
        }
    }
    let mut file = tempfile::tempfile().unwrap();
    Book::epub3().padding(64 << 20, 1).write_to(&mut file).unwrap();
    let mut source = Counting { file, bytes: 0 };
    let read = inspect(&mut source, "book.epub", &Limits::default(), &Unwatched).unwrap();
    assert!(read.metadata.title.is_some());
    assert!(source.bytes < 4 << 20, "{} bytes were read", source.bytes);
}
