use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use crate::{
    finding::Severity,
    format::Format,
    inspect::{Inspection, Protection, inspect, inspect_metadata},
    limits::Limits,
    watch::Unwatched,
};

/// The books of a folder in `CORPUS_DIR`, else in the directory `shared/corpus` beside the project.
fn books_of(folder: &str) -> Vec<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("CORPUS_DIR").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let Ok(entries) = fs::read_dir(root.join(folder)) else {
        eprintln!("skipped: corpus absent");
        return Vec::new();
    };
    let mut books: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    books.sort();
    books
}

fn books() -> Vec<PathBuf> {
    books_of("epub")
}

fn read(path: &Path) -> Inspection {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    inspect(&mut fs::File::open(path).unwrap(), &name, &Limits::default(), &Unwatched).unwrap()
}

#[test]
fn what_a_book_says_of_itself_is_the_same_read_alone() {
    for path in ["epub", "cbz", "kindle", "pdf"].into_iter().flat_map(books_of) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut file = fs::File::open(&path).unwrap();
        let alone = inspect_metadata(&mut file, &name, &Limits::default(), &Unwatched).unwrap();
        let whole = read(&path);
        let mut metadata = whole.metadata;
        if whole.format == Format::Epub {
            (metadata.words, metadata.page_list) = (None, false);
        }
        assert_eq!(
            (alone.format, alone.metadata, alone.protection),
            (whole.format, metadata, whole.protection),
            "{name}"
        );
    }
}

#[test]
fn every_kindle_book_says_what_the_book_it_was_made_from_says() {
    for path in books_of("kindle") {
        let found = read(&path);
        let name = path.display();
        assert_eq!(found.metadata.title.as_ref().unwrap().value, "The Time Machine", "{name}");
        assert_eq!(found.metadata.creators[0].name.value, "H. G. Wells", "{name}");
        assert_eq!(found.metadata.languages[0].get(..2), Some("en"), "{name}");
        assert_eq!(found.findings, [], "{name}");
        let is_eight = name.to_string().ends_with("azw3");
        assert_eq!(found.format == Format::Kf8, is_eight, "{name}");
    }
}

#[test]
fn the_comic_has_its_pages_and_its_metadata() {
    for path in books_of("cbz") {
        let found = read(&path);
        assert_eq!((found.format, found.protection), (Format::Cbz, Protection::None));
        assert!(found.metadata.title.is_some());
        assert!(found.metadata.spine.unwrap() > 1);
        assert!(found.cover.is_some());
        assert_eq!(found.findings, []);
    }
}

#[test]
fn every_pdf_is_read_and_only_the_damaged_one_is_called_so() {
    for path in books_of("pdf") {
        let found = read(&path);
        let name = path.display().to_string();
        assert_eq!((found.format, found.protection), (Format::Pdf, Protection::None), "{name}");
        let version = if name.contains("time-machine") { "1.4" } else { "2.0" };
        assert_eq!(found.metadata.format_version.as_deref(), Some(version), "{name}");
        assert!(found.metadata.spine.unwrap() > 0, "{name}");
        let is_damaged = found.findings.iter().any(|finding| finding.severity <= Severity::Error);
        assert_eq!(is_damaged, name.contains("damaged"), "{name}: {:?}", found.findings);
    }
}

#[test]
fn the_pdf_says_what_the_book_it_was_made_from_says() {
    let Some(path) = books_of("pdf").into_iter().find(|path| path.to_string_lossy().contains("time-machine")) else {
        return;
    };
    let found = read(&path);
    assert_eq!(found.metadata.title.unwrap().value, "The Time Machine");
    assert_eq!(found.metadata.creators[0].name.value, "H. G. Wells");
    assert!(found.chapters.len() > 12);
}

#[test]
fn every_book_of_another_format_that_is_cut_or_has_other_bytes_is_never_a_panic() {
    for path in ["kindle", "cbz", "pdf"].into_iter().flat_map(books_of) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let whole = fs::read(&path).unwrap();
        for part in 0..100 {
            let bytes = &whole[..whole.len() * part / 100];
            drop(inspect(&mut Cursor::new(bytes), &name, &Limits::default(), &Unwatched).unwrap());
        }
        // Places that are spread over the file, and the same in every run.
        let mut other = whole.clone();
        for step in 0..1_000_usize {
            let place = step.wrapping_mul(2_654_435_761) % whole.len();
            other[place] ^= 0xff;
            drop(inspect(&mut Cursor::new(&other), &name, &Limits::default(), &Unwatched));
            other[place] = whole[place];
        }
    }
}

#[test]
fn every_book_of_the_corpus_is_read_without_a_rule_that_fails_and_has_a_title_and_words() {
    for path in books() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut file = fs::File::open(&path).unwrap();
        let read = inspect(&mut file, &name, &Limits::default(), &Unwatched).unwrap();
        assert!(read.metadata.title.is_some(), "{name}");
        assert!(read.metadata.words.is_some(), "{name}");
        assert!(!read.protection.is_refused(), "{name}");
        assert!(read.findings.iter().all(|finding| finding.code.as_str() != "ESP-198"), "{name}");
    }
}

/// What EPUBCheck 5.3.0 finds in the books of the corpus beyond usage and information; in the others nothing.
const FOUND_BY_EPUBCHECK: [(&str, &str, usize); 4] = [
    ("georgia-cfi.epub", "RSC-020", 7),
    ("hefty-water.epub", "RSC-017", 1),
    ("kusamakura-preview.epub", "RSC-001", 1),
    ("quiz-bindings.epub", "RSC-017", 1),
];

#[test]
fn the_same_is_found_in_every_book_of_the_corpus_as_by_epubcheck() {
    for path in books() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let own = |code: &str| !code.starts_with("ESP-");
        let findings = read(&path).findings;
        let found: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.severity <= Severity::Warning && own(finding.code.as_str()))
            .map(|finding| finding.code.as_str())
            .collect();
        let expected: Vec<&str> = FOUND_BY_EPUBCHECK
            .iter()
            .filter(|(book, ..)| *book == name)
            .flat_map(|(_, code, count)| vec![*code; *count])
            .collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn the_time_machine_is_what_it_is() {
    let Some(path) = books().into_iter().find(|path| path.to_string_lossy().contains("time-machine")) else { return };
    let mut file = fs::File::open(path).unwrap();
    let read = inspect(&mut file, "the-time-machine.epub", &Limits::default(), &Unwatched).unwrap();
    assert_eq!(read.metadata.title.unwrap().value, "The Time Machine");
    assert_eq!(read.metadata.creators[0].name.value, "H. G. Wells");
    assert_eq!(read.metadata.languages, ["en-GB"]);
    assert_eq!(read.metadata.accessibility.hazards, ["none"]);
    assert_eq!(read.protection, Protection::None);
    assert!((30_000..36_000).contains(&read.metadata.words.unwrap()));
    assert!(read.cover.is_some());
    assert!(read.chapters.len() > 12);
    let faults: Vec<_> = read.findings.iter().filter(|finding| finding.severity <= Severity::Warning).collect();
    assert!(faults.is_empty(), "{faults:?}");
}
