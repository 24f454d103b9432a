//! The manifest lists the package document.
//!
//! Why: It describes the book and is no part of it.
//!
//! Fix: Take the item away.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-099", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    for (item, _) in publication.items().filter(|(_, path)| *path == package.path) {
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
    fn a_manifest_that_lists_itself_is_told() {
        fires(
            RULE.code,
            &Book::epub3().declared("a", "package.opf", "application/oebps-package+xml", ""),
            &[(PACKAGE, 12)],
        );
    }
}
