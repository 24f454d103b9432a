//! A fallback style names an item that is not there.
//!
//! Why: A reader that needs it finds nothing.
//!
//! Fix: Correct the id or add the item.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-041", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    for item in &package.items {
        if let Some(id) = item.fallback_style.as_deref().filter(|id| package.item(id).is_none()) {
            report.add(publication.in_package(item.at), &[("id", id)]);
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
    fn a_fallback_style_that_is_not_there_is_told() {
        fires(RULE.code, &Book::epub2().item("a", "a.css", "text/css", "fallback-style=\"b\"", ""), &[(PACKAGE, 11)]);
    }
}
