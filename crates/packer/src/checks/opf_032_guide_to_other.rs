//! The guide names a file that is no content document.
//!
//! Why: The guide leads to pages, not to images.
//!
//! Fix: Name the page that shows it.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::url::{self, Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-032", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    let items = publication.items_by_path();
    for reference in &package.guide {
        let Some(href) = reference.href.as_deref() else { continue };
        let Link::Inside(inside) = url::resolve(&package.path, href) else { continue };
        let Some(item) = items.get(inside.path.as_str()) else { continue };
        let is_content = matches!(
            item.kind().as_str(),
            "application/xhtml+xml"
                | "application/x-dtbook+xml"
                | "text/x-oeb1-document"
                | "text/html"
                | "image/svg+xml"
        );
        if !is_content {
            report.add(publication.in_package(reference.at), &[("name", &inside.path)]);
        }
    }
}
