//! A fallback names an item that is not there.
//!
//! Why: A reader that cannot show the item shows nothing.
//!
//! Fix: Correct the id or add the item.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-040", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    for item in &package.items {
        if let Some(id) = item.fallback.as_deref().filter(|id| package.item(id).is_none()) {
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
    fn a_fallback_to_nothing_is_told() {
        fires(RULE.code, &Book::epub3().item("a", "a.css", "text/css", "fallback=\"b\"", ""), &[(PACKAGE, 12)]);
    }
}
