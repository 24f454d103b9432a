//! The book does not state `schema:accessibilitySummary` (EPUB Accessibility 1.1, section 3).
//!
//! Why: The European Accessibility Act has publishers state it, and readers with disabilities choose by it.
//!
//! Fix: Add the property to the metadata after looking at the book.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "ESP-314", severity: Severity::Usage, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };
    if publication.book.accessibility.summary.is_none() {
        report.add(publication.in_package(package.metadata_at.unwrap_or(package.at)), &[]);
    }
}
