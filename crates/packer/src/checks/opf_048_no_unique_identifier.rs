//! The package element has no `unique-identifier`.
//!
//! Why: Without it nobody can tell two books apart.
//!
//! Fix: Add `unique-identifier` with the id of a `dc:identifier`.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-048", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    if package.unique_identifier.as_deref().unwrap_or_default().is_empty() {
        report.add(publication.in_package(package.at), &[]);
    }
}
