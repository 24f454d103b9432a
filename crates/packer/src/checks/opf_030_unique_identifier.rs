//! The identifier that an EPUB 2 calls unique is not there, or is empty.
//!
//! Why: Without it nobody can tell two books apart.
//!
//! Fix: Give the identifier that id.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-030", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    let Some(id) = package.unique_identifier.as_deref().filter(|id| !id.is_empty()) else { return };
    let found = package.dc("identifier").any(|meta| meta.id.as_deref() == Some(id) && !meta.text.is_empty());
    if !found {
        report.add(publication.in_package(package.at), &[("id", id)]);
    }
}
