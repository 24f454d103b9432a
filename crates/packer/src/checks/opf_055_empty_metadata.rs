//! The title, the language or the identifier of an EPUB 2 is empty.
//!
//! Why: The book is listed without it.
//!
//! Fix: Fill it in.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-055", severity: Severity::Warning, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    for name in ["title", "language", "identifier"] {
        for meta in package.dc(name).filter(|meta| meta.text.is_empty()) {
            report.add(publication.in_package(meta.at), &[("element", name)]);
        }
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
    fn an_empty_title_is_told() {
        fires(RULE.code, &Book::epub2().metadata("<dc:title/>"), &[(PACKAGE, 7)]);
    }
}
