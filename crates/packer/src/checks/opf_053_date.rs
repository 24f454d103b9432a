//! A date of an EPUB 3 is not written as W3CDTF.
//!
//! Why: Shops and catalogues cannot sort it.
//!
//! Fix: Write the date in that form.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::date,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-053", severity: Severity::Warning, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for meta in package.dc("date").filter(|meta| !date::is_w3cdtf(&meta.text)) {
        report.add(publication.in_package(meta.at), &[("date", &meta.text)]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::{fires, passes},
    };

    #[test]
    fn a_date_in_words_is_told() {
        fires(RULE.code, &Book::epub3().metadata("<dc:date>May 2014</dc:date>"), &[(PACKAGE, 8)]);
    }

    #[test]
    fn years_days_and_instants_pass() {
        passes(RULE.code, &Book::epub3().metadata("<dc:date>2014-05-25T10:00:00+02:00</dc:date>"));
    }
}
