//! A `meta` has several properties.
//!
//! Why: Readers take the whole as one name and know no such property.
//!
//! Fix: Write one `meta` for each property.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-025", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for meta in &package.metadata {
        if let Some(property) = meta.property.as_deref().filter(|property| property.contains(' ')) {
            report.add(publication.in_package(meta.at), &[("property", property)]);
        }
    }
}
