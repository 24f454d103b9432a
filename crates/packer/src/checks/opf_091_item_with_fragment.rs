//! An item has a fragment in its address.
//!
//! Why: The manifest lists files, not places in them.
//!
//! Fix: Take the part from `#` away.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-091", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    for item in &package.items {
        if let Some(href) = item.href.as_deref().filter(|href| href.contains('#')) {
            report.add(publication.in_package(item.at), &[("href", href)]);
        }
    }
}
