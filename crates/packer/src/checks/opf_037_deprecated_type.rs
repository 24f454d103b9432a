//! An item has a media type of OEBPS 1.2.
//!
//! Why: It is of the predecessor of EPUB; new readers need not know it.
//!
//! Fix: Use application/xhtml+xml or text/css.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-037", severity: Severity::Warning, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    for item in
        package.items.iter().filter(|item| matches!(item.kind().as_str(), "text/x-oeb1-document" | "text/x-oeb1-css"))
    {
        report.add(publication.in_package(item.at), &[("kind", &item.kind())]);
    }
}
