//! An item has an address with characters that are not allowed in URLs.
//!
//! Why: Spaces are written `%20` in URLs; readers need not find the file otherwise.
//!
//! Fix: Encode the spaces, or better rename the file.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-020", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };
    for item in &package.items {
        if let Some(href) = item.href.as_deref().filter(|href| href.trim().contains([' ', '\t', '\n'])) {
            report.add(publication.in_package(item.at), &[("href", href)]);
        }
    }
}
