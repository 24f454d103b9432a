//! What is checked of a Mobipocket or Kindle book.

use super::{Book, WATERMARK};
use crate::{
    checks::{Report, Run},
    finding::{Place, Severity},
};

/// The rules, with their codes and severities.
type Rule = (&'static str, Severity, fn(&Book, &mut Report));

const RULES: [Rule; 7] = [
    ("ESP-701", Severity::Fatal, no_header),
    ("ESP-702", Severity::Error, damaged_list),
    ("ESP-703", Severity::Warning, damaged_records),
    ("ESP-704", Severity::Error, second_half_missing),
    ("ESP-705", Severity::Warning, cover_unusable),
    ("ESP-706", Severity::Info, watermark),
    ("ESP-707", Severity::Warning, keys_without_encryption),
];

/// The codes of the rules.
pub const CODES: [&str; 7] = {
    let mut codes = [""; 7];
    let mut index = 0;
    while index < codes.len() {
        codes[index] = RULES[index].0;
        index += 1;
    }
    codes
};

pub(super) fn run(book: &Book, run: &mut Run<'_>) {
    for (code, severity, check) in RULES {
        run.rule(code, severity, |report| check(book, report));
    }
}

fn no_header(book: &Book, report: &mut Report) {
    if book.header.is_none() {
        report.add(Place::default(), &[]);
    }
}

fn damaged_list(book: &Book, report: &mut Report) {
    if book.is_damaged && book.header.is_some() {
        report.add(Place::default(), &[]);
    }
}

fn damaged_records(book: &Book, report: &mut Report) {
    if book.headers().any(|header| header.has_damaged_records) {
        report.add(Place::default(), &[]);
    }
}

fn second_half_missing(book: &Book, report: &mut Report) {
    if book.lacks_second {
        report.add(Place::default(), &[]);
    }
}

fn cover_unusable(book: &Book, report: &mut Report) {
    let is_encrypted = book.headers().any(|header| header.encryption != 0);
    if book.has_broken_cover && !is_encrypted {
        report.add(Place::default(), &[]);
    }
}

fn watermark(book: &Book, report: &mut Report) {
    if book.headers().any(|header| header.record(WATERMARK).is_some_and(|text| !text.is_empty())) {
        report.add(Place::default(), &[]);
    }
}

/// Keys of a protection that is not there: the file was changed by something.
fn keys_without_encryption(book: &Book, report: &mut Report) {
    if book.headers().any(|header| header.encryption == 0 && header.keys > 0) {
        report.add(Place::default(), &[]);
    }
}
