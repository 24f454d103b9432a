use super::{codes, read};
use crate::{
    builder::{Book, CHAPTER, Random},
    finding::Severity,
    inspect::{DrmScheme, Protection},
};

const OBFUSCATION: &str = "http://www.idpf.org/2008/embedding";
const AES: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";

#[test]
fn every_scheme_is_named_by_what_it_leaves_around_encrypted_content() {
    let font = || Book::epub3().item("f", "f.otf", "font/otf", "", "x");
    let cases = [
        ("no marker", Book::epub3(), Protection::None),
        ("obfuscated font", font().encryption("EPUB/f.otf", OBFUSCATION, ""), Protection::ObfuscatedFonts),
        ("ADEPT", Book::epub3().adept(), Protection::Drm(DrmScheme::Adept)),
        ("LCP", Book::epub3().lcp(), Protection::Drm(DrmScheme::Lcp)),
        ("Kobo without encryption.xml", Book::epub3().kobo(), Protection::Drm(DrmScheme::Kobo)),
        ("FairPlay", Book::epub3().fair_play(), Protection::Drm(DrmScheme::FairPlay)),
        ("another algorithm", Book::epub3().encrypted(AES, ""), Protection::Unknown),
        ("a marker alone", Book::epub3().adept_marker(), Protection::None),
        ("encrypted and absent", Book::epub3().encryption("EPUB/none.xhtml", AES, ""), Protection::None),
        ("a password", Book::epub3().password(), Protection::Drm(DrmScheme::Password)),
        ("plain text in place of XML", Book::epub3().file(CHAPTER, "x".repeat(9000)), Protection::None),
    ];
    for (name, book, expected) in cases {
        assert_eq!(read(book.build(), "book.epub").unwrap().protection, expected, "{name}");
    }
}

#[test]
fn content_that_no_marker_explains_is_encrypted_when_most_of_it_looks_random() {
    let page = |seed| Random::bytes(seed, 4096);
    let book = Book::epub3().undecodable().item("a", "a.xhtml", "application/xhtml+xml", "", page(1)).item(
        "b",
        "b.jpg",
        "image/jpeg",
        "",
        page(2),
    );
    assert_eq!(read(book.build(), "book.epub").unwrap().protection, Protection::Unknown);
    // The navigation document and one page can be read: one broken file among them is no protection.
    let other =
        "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>x</title></head><body><p>x</p></body></html>";
    let broken = Book::epub3().undecodable().item("a", "a.xhtml", "application/xhtml+xml", "", other);
    assert_eq!(read(broken.build(), "book.epub").unwrap().protection, Protection::None);
}

#[test]
fn protection_is_told_as_information_while_no_profile_refuses_it() {
    let read = read(Book::epub3().lcp().build(), "book.epub").unwrap();
    assert!(codes(&read).contains(&"RSC-004") && codes(&read).contains(&"ESP-201"));
    assert!(read.findings.iter().all(|finding| finding.severity >= Severity::Info), "{:?}", read.findings);
}
