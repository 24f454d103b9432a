//! What the tests of the rules share: a book is made, checked, and only the expected is found.

use std::io::Cursor;

use crate::{
    builder::Book,
    finding::{Finding, Severity},
    inspect::{Inspection, inspect},
    limits::Limits,
    watch::Unwatched,
};

/// Reads a book under the name `book.epub`.
pub(crate) fn read(book: &Book) -> Inspection {
    inspect(&mut Cursor::new(book.build()), "book.epub", &Limits::default(), &Unwatched).unwrap()
}

/// The rule finds exactly these places (file and line), and no rule finds anything else that is more than advice.
pub(crate) fn fires(code: &str, book: &Book, places: &[(&str, u32)]) {
    let findings = read(book).findings;
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
