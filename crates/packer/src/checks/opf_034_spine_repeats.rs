//! The spine of an EPUB 2 names an item twice.
//!
//! Why: Readers lose their place in it.
//!
//! Fix: Name each item once.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-034", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    let mut seen = HashSet::new();
    for reference in &package.spine {
        if let Some(id) = reference.id.as_deref().filter(|id| !seen.insert(*id)) {
            report.add(publication.in_package(reference.at), &[("id", id)]);
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
    fn an_item_that_is_named_twice_is_told() {
        fires(RULE.code, &Book::epub2().spine("chapter", ""), &[(PACKAGE, 14)]);
    }
}
