//! The identifier that the package calls unique is not named, or not there.
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
    let Some(package) = publication.package else { return };

    match package.unique_identifier.as_deref().filter(|id| !id.is_empty()) {
        None => report.add(publication.in_package(package.at), &[("problem", "unique-identifier-missing")]),
        // OPF-030 tells it of an EPUB 2.
        Some(id) if !package.is_epub2() => {
            if !package.dc("identifier").any(|meta| meta.id.as_deref() == Some(id)) {
                report.add(publication.in_package(package.at), &[("problem", "unique-identifier-unknown"), ("id", id)]);
            }
        }
        Some(_) => {}
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
    fn an_identifier_that_is_not_there_is_told() {
        fires(
            RULE.code,
            &Book::epub3().edit(PACKAGE, "unique-identifier=\"id\"", "unique-identifier=\"other\""),
            &[(PACKAGE, 2)],
        );
    }
}
