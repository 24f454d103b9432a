use std::io::Cursor;

use crate::{
    builder::{Kindle, image::png},
    finding::Severity,
    format::Format,
    inspect::{DrmScheme, InspectError, Inspection, Protection, inspect},
    limits::Limits,
    watch::Unwatched,
};

fn read_as(name: &str, bytes: &[u8]) -> Result<Inspection, InspectError> {
    inspect(&mut Cursor::new(bytes), name, &Limits::default(), &Unwatched)
}

fn read(book: &Kindle) -> Inspection {
    read_as("book.mobi", &book.build()).unwrap()
}

fn codes(inspection: &Inspection) -> Vec<&str> {
    inspection.findings.iter().map(|finding| finding.code.as_str()).collect()
}

fn whole() -> Kindle {
    Kindle::new(6, "The Lighthouse")
        .record(100, "Ada Example; Bo Sample")
        .record(101, "Harbour Press")
        .record(103, "<p>Oil &amp; ships.</p>")
        .record(104, "978-3-16-148410-0")
        .record(105, "Sea;Weather")
        .record(106, "2019-05-04")
        .record(503, "The Lighthouse Keeper’s Almanac")
        .record(524, "en-GB")
        .cover(png(60, 80))
}

#[test]
fn the_records_are_the_metadata() {
    let found = read(&whole());
    let metadata = &found.metadata;
    assert_eq!(metadata.format_version.as_deref(), Some("6"));
    assert_eq!(metadata.title.as_ref().unwrap().value, "The Lighthouse Keeper’s Almanac");
    let creators: Vec<_> = metadata.creators.iter().map(|one| one.name.value.as_str()).collect();
    assert_eq!(creators, ["Ada Example", "Bo Sample"]);
    assert_eq!(metadata.publisher.as_ref().unwrap().value, "Harbour Press");
    assert_eq!(metadata.description.as_deref(), Some("Oil & ships."));
    assert_eq!(metadata.isbn.as_deref(), Some("9783161484100"));
    assert_eq!(metadata.subjects, ["Sea", "Weather"]);
    assert_eq!(metadata.date.as_deref(), Some("2019-05-04"));
    assert_eq!(metadata.languages, ["en-GB"]);
    assert_eq!(found.cover.as_ref().unwrap().pixels, Some((60, 80)));
    assert_eq!((found.protection.clone(), codes(&found)), (Protection::None, vec![]));
}

#[test]
fn without_records_the_header_tells_title_and_language() {
    let found = read(&Kindle::new(6, "Été à Paris"));
    assert_eq!(found.metadata.title.unwrap().value, "Été à Paris");
    assert_eq!(found.metadata.languages, ["en"]);
}

#[test]
fn the_format_is_told_by_the_header_and_its_name_by_the_extension() {
    let (six, eight) = (Kindle::new(6, "a").build(), Kindle::new(8, "a").build());
    for (name, bytes, format) in [
        ("a.mobi", &six, Format::Mobi),
        ("a.azw", &six, Format::Azw),
        ("a.prc", &six, Format::Prc),
        ("a.azw3", &six, Format::Mobi),
        ("a.epub", &six, Format::Mobi),
        ("a.azw3", &eight, Format::Kf8),
        ("a.mobi", &eight, Format::Kf8),
    ] {
        assert_eq!(read_as(name, bytes).unwrap().format, format, "{name}");
    }
    assert_eq!(read_as("a.azw3", b"").unwrap().format, Format::Kf8);
    assert_eq!(read_as("a.prc", b"").unwrap().format, Format::Prc);
}

#[test]
fn both_halves_of_a_joint_file_are_read() {
    let joint = whole().joint(Kindle::new(8, "Eight").record(503, "The Newer Half"));
    let found = read(&joint);
    assert_eq!(found.metadata.title.as_ref().unwrap().value, "The Newer Half");
    assert_eq!(found.metadata.format_version.as_deref(), Some("6 and 8"));
    assert_eq!(codes(&found), Vec::<&str>::new());
    assert_eq!(codes(&read(&joint.without_boundary())), ["ESP-704"]);
}

#[test]
fn encryption_of_either_half_is_refused_by_name() {
    for book in [whole().encrypted(1), whole().encrypted(2), whole().joint(Kindle::new(8, "x").encrypted(2))] {
        let found = read(&book);
        assert_eq!(found.protection, Protection::Drm(DrmScheme::Kindle));
        assert_eq!(codes(&found), ["ESP-201"]);
    }
}

#[test]
fn what_can_only_be_named_is_named() {
    let drm = read_as("a.kfx", b"\xeaDRMION\xee and more").unwrap();
    assert_eq!(drm.protection, Protection::Drm(DrmScheme::Kindle));
    assert_eq!(read_as("a.azw1", b"TPZ0 and more").unwrap().protection, Protection::Unknown);
    assert!(matches!(read_as("a.kfx", b"CONT\x02\x00 and more"), Err(InspectError::Unsupported(Format::Azw))));
}

#[test]
fn what_is_wrong_is_told_by_its_own_code() {
    let cases = [
        ("ESP-705", Severity::Warning, whole().record(201, 0_u32.to_be_bytes()).cover("no image").build()),
        ("ESP-706", Severity::Info, whole().record(208, "atv:kin:1:abc").build()),
        ("ESP-701", Severity::Fatal, b"\0".repeat(60).into_iter().chain(*b"BOOKMOBI").collect()),
    ];
    for (code, severity, bytes) in cases {
        let found = read_as("book.mobi", &bytes).unwrap();
        let told = found.findings.iter().find(|finding| finding.code.as_str() == code);
        assert_eq!(told.map(|finding| finding.severity), Some(severity), "{code}: {:?}", found.findings);
    }
}

#[test]
fn texts_of_old_books_are_read_as_windows_1252() {
    let mut bytes = Kindle::new(6, "x").record(503, b"Caf\xe9 \x93noir\x94".to_vec()).build();
    let at = bytes.windows(4).position(|part| part == 65_001_u32.to_be_bytes()).unwrap();
    bytes[at..at + 4].copy_from_slice(&1252_u32.to_be_bytes());
    assert_eq!(read_as("a.mobi", &bytes).unwrap().metadata.title.unwrap().value, "Café “noir”");
}

#[test]
fn a_book_that_is_cut_anywhere_or_has_another_byte_anywhere_is_never_a_panic() {
    let whole = whole().joint(Kindle::new(8, "Eight")).build();
    for length in 0..whole.len() {
        read_as("book.mobi", &whole[..length]).unwrap();
    }
    for place in 0..whole.len() {
        for byte in [0x00, 0x7f, 0xff] {
            let mut other = whole.clone();
            other[place] = byte;
            // A first byte of another format, or a missing signature, is an answer too.
            drop(read_as("book.mobi", &other));
        }
    }
}
