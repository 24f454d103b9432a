//! A date of an EPUB 2 is not written as W3CDTF.
//!
//! Why: EPUB 2 allows no other form.
//!
//! Fix: Write the date in that form.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::date,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-054", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    for meta in package.dc("date").filter(|meta| !date::is_w3cdtf(&meta.text)) {
        report.add(publication.in_package(meta.at), &[("date", &meta.text)]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn a_date_in_words_is_told() {
        fires(RULE.code, &Book::epub2().metadata("<dc:date>May 2014</dc:date>"), &[(PACKAGE, 7)]);
    }
}
