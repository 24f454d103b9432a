use std::io::Cursor;

use crate::{
    builder::{Book, Entry, image::png},
    finding::Severity,
    format::Format,
    inspect::{DrmScheme, Inspection, Protection, inspect},
    kind::Kind,
    limits::Limits,
    watch::Unwatched,
};

const INFO: &str = "<?xml version=\"1.0\"?><ComicInfo><Title>The Storm</Title><Series>Lighthouse</Series>\
    <Number>3</Number><Volume>2</Volume><Year>2019</Year><Month>5</Month><Day>-1</Day><Writer>Ada Example, Bo Sample\
    </Writer><Colorist>Cy Tone</Colorist><Publisher>Harbour Press</Publisher><LanguageISO>fr</LanguageISO>\
    <Genre>Sea, Weather</Genre><GTIN>978-3-16-148410-0</GTIN><Manga>YesAndRightToLeft</Manga><PageCount>3</PageCount>\
    <Pages><Page Image=\"0\"/><Page Image=\"1\" Type=\"FrontCover\" Bookmark=\"Dawn\"/></Pages></ComicInfo>";

/// Three pages whose names are in another order than their numbers.
fn comic() -> Book {
    Book::empty()
        .entry(Entry::stored("p10.png", png(30, 40)))
        .entry(Entry::stored("p2.png", png(20, 30)))
        .entry(Entry::stored("p1.png", png(10, 20)))
}

fn read_as(name: &str, book: &Book) -> Inspection {
    inspect(&mut Cursor::new(book.build()), name, &Limits::default(), &Unwatched).unwrap()
}

fn read(book: &Book) -> Inspection {
    read_as("comic.cbz", book)
}

fn codes(inspection: &Inspection) -> Vec<&str> {
    inspection.findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn pages_stand_in_natural_order_and_the_first_is_the_cover() {
    let found = read(&comic());
    assert_eq!((found.format, found.metadata.spine), (Format::Cbz, Some(3)));
    let cover = found.cover.as_ref().unwrap();
    assert_eq!((cover.path.as_str(), cover.pixels), ("p1.png", Some((10, 20))));
    assert_eq!(codes(&found), Vec::<&str>::new());
}

#[test]
fn it_is_told_by_its_content_under_any_name() {
    assert_eq!(read_as("comic.zip", &comic()).format, Format::Cbz);
    assert_eq!(read_as("comic", &comic()).format, Format::Cbz);
}

#[test]
fn comic_info_is_the_metadata() {
    let found = read(&comic().file("ComicInfo.xml", INFO));
    let metadata = &found.metadata;
    assert_eq!(metadata.title.as_ref().unwrap().value, "Lighthouse");
    assert_eq!(metadata.subtitle.as_deref(), Some("The Storm"));
    assert_eq!(metadata.series, Some(("Lighthouse".into(), Some("3".into()))));
    assert_eq!((metadata.volume.as_deref(), metadata.issue.as_deref()), (Some("2"), Some("3")));
    assert_eq!(metadata.date.as_deref(), Some("2019-05"));
    let creators: Vec<_> = metadata.creators.iter().map(|one| one.name.value.as_str()).collect();
    assert_eq!(creators, ["Ada Example", "Bo Sample"]);
    assert_eq!(metadata.contributors[0].roles, ["clr"]);
    assert_eq!(metadata.isbn.as_deref(), Some("9783161484100"));
    assert_eq!((metadata.kind, metadata.page_progression.as_deref()), (Some(Kind::Manga), Some("rtl")));
    assert_eq!(metadata.subjects, ["Sea", "Weather"]);
    assert_eq!(found.chapters[0].label, "Dawn");
    // The page that it calls the front cover, by its place in natural order.
    assert_eq!(found.cover.unwrap().path, "p2.png");
}

#[test]
fn what_is_wrong_is_told_by_its_own_code() {
    let none = Book::empty().file("ComicInfo.xml", INFO).file("notes.txt", "x");
    let cases: [(&str, Severity, Book); 9] = [
        ("ESP-801", Severity::Fatal, none),
        ("ESP-802", Severity::Error, comic().entry(Entry::stored("p3.png", "no image"))),
        ("ESP-803", Severity::Warning, comic().entry(Entry::stored("p3.jpg", png(1, 1)))),
        ("ESP-804", Severity::Warning, comic().entry(Entry::stored("p3.png", png(100_000, 100_000)))),
        ("ESP-805", Severity::Warning, comic().file("__MACOSX/._p1.png", "x")),
        ("ESP-806", Severity::Error, comic().file("read-me.exe", "MZ")),
        ("ESP-807", Severity::Warning, comic().file("ComicInfo.xml", "<ComicInfo>")),
        (
            "ESP-808",
            Severity::Warning,
            comic().file("ComicInfo.xml", "<ComicInfo><PageCount>9</PageCount></ComicInfo>"),
        ),
        ("ESP-105", Severity::Error, comic().named(b"../evil.png")),
    ];
    for (code, severity, book) in cases {
        let found = read(&book);
        let told = found.findings.iter().find(|finding| finding.code.as_str() == code);
        assert_eq!(told.map(|finding| finding.severity), Some(severity), "{code}: {:?}", found.findings);
    }
}

#[test]
fn one_encrypted_entry_refuses_the_whole() {
    for mark in [
        |entry: &mut Entry| entry.flags |= 1,
        |entry: &mut Entry| entry.central_extra = vec![0x01, 0x99, 7, 0, 2, 0, b'A', b'E', 3, 8, 0],
    ] {
        let found = read(&comic().change("p2.png", mark));
        assert_eq!(found.protection, Protection::Drm(DrmScheme::Password));
        assert!(codes(&found).contains(&"ESP-201"), "{:?}", found.findings);
    }
}

#[test]
fn an_archive_that_is_cut_or_empty_is_a_finding() {
    let whole = comic().file("ComicInfo.xml", INFO).build();
    for length in 0..whole.len() {
        let found = inspect(&mut Cursor::new(&whole[..length]), "comic.cbz", &Limits::default(), &Unwatched).unwrap();
        assert_eq!(found.format, Format::Cbz, "{length}");
        assert!(found.findings.iter().any(|finding| finding.severity == Severity::Fatal), "{length}");
    }
}
