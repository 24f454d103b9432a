//! A metadata element of an EPUB 2 is empty.
//!
//! Why: An empty element says nothing.
//!
//! Fix: Fill it in or take it away.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::package::Vocabulary,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-072", severity: Severity::Usage, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    for meta in package.metadata.iter().filter(|meta| meta.vocabulary == Vocabulary::DublinCore && meta.text.is_empty())
    {
        if !matches!(meta.element.as_str(), "title" | "language" | "identifier" | "date") {
            report.add(publication.in_package(meta.at), &[("element", &meta.element)]);
        }
    }
}
