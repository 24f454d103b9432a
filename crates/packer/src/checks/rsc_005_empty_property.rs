//! A `meta` of the metadata has an empty `property`.
//!
//! Why: A rule of the format is broken; readers may refuse the book or leave out what they cannot read.
//!
//! Fix: Correct the place that is named as the EPUB specification has it.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-005", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for meta in package.metadata.iter().filter(|meta| meta.element == "meta") {
        if meta.property.as_deref().is_some_and(|property| property.trim().is_empty()) {
            report.add(publication.in_package(meta.at), &[("problem", "property-missing")]);
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
    fn an_empty_property_is_told() {
        fires(RULE.code, &Book::epub3().metadata("<meta property=\" \">x</meta>"), &[(PACKAGE, 8)]);
    }
}
