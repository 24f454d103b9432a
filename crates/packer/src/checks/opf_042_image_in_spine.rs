//! The spine of an EPUB 2 names an image or a style sheet.
//!
//! Why: The spine is the order of pages to read; readers cannot page through this.
//!
//! Fix: Put it into a page, and the page into the spine.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-042", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    for (reference, item) in publication.spine() {
        let kind = item.kind();
        let is_no_page = matches!(kind.as_str(), "image/jpeg" | "image/png" | "image/gif" | "text/css");
        if is_no_page && item.fallback.is_none() {
            report.add(publication.in_package(reference.at), &[("kind", &kind)]);
        }
    }
    let _ = package;
}
