//! What the tests of the rules share: a book is made, checked, and only the expected is found.

use std::io::Cursor;

use crate::{
    builder::Book,
    epub::EpubProfile,
    finding::{Finding, Severity},
    inspect::inspect_as,
    limits::Limits,
    watch::Unwatched,
};

/// The rule finds exactly these places (file and line), and no rule finds anything else that is more than advice.
pub(crate) fn fires(code: &str, book: &Book, places: &[(&str, u32)]) {
    fires_as(EpubProfile::Default, code, book, places);
}

/// The same of a book that is judged by one of EPUB's own profiles.
pub(crate) fn fires_as(profile: EpubProfile, code: &str, book: &Book, places: &[(&str, u32)]) {
    let mut source = Cursor::new(book.build());
    let findings = inspect_as(&mut source, "book.epub", profile, &Limits::default(), &Unwatched).unwrap().findings;
    let (own, others): (Vec<&Finding>, Vec<&Finding>) = findings.iter().partition(|found| found.code.as_str() == code);
    let others: Vec<_> = others.into_iter().filter(|found| found.severity <= Severity::Warning).collect();
    assert!(others.is_empty(), "beside {code}: {others:#?}");
    let found: Vec<_> = own
        .iter()
        .map(|found| (found.place.file.as_deref().unwrap_or_default(), found.place.line.unwrap_or_default()))
        .collect();
    assert_eq!(found, places, "{code}");
}

/// The rule finds nothing, nor does any other anything that is more than advice.
pub(crate) fn passes(code: &str, book: &Book) {
    fires(code, book, &[]);
}
