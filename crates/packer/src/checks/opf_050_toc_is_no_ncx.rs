//! `toc` of the spine names an item that is no NCX.
//!
//! Why: Readers of EPUB 2 find no table of contents.
//!
//! Fix: Name the NCX, or take `toc` away.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-050", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    let Some(item) = package.spine_toc.as_deref().and_then(|id| package.item(id)) else { return };
    if item.kind() != "application/x-dtbncx+xml" {
        report.add(publication.in_package(package.spine_at.unwrap_or(package.at)), &[("kind", &item.kind())]);
    }
}
