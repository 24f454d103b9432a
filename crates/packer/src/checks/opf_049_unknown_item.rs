//! The spine names an item that is not in the manifest.
//!
//! Why: That part of the book cannot be found.
//!
//! Fix: Correct the id or add the item.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-049", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    for reference in &package.spine {
        if let Some(id) = reference.id.as_deref().filter(|id| package.item(id).is_none()) {
            report.add(publication.in_package(reference.at), &[("id", id)]);
        }
    }
}
