//! An EPUB 2 has a navigation document.
//!
//! Why: Its readers look for an NCX only.
//!
//! Fix: Take the property `nav` away, or make the book an EPUB 3.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "NAV-001", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    for item in package.items.iter().filter(|item| item.has_property("nav")) {
        report.add(publication.in_package(item.at), &[]);
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
    fn a_navigation_document_in_epub_2_is_told() {
        fires(
            RULE.code,
            &Book::epub2().edit(PACKAGE, "id=\"chapter\" ", "id=\"chapter\" properties=\"nav\" "),
            &[(PACKAGE, 10)],
        );
    }
}
