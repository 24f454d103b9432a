//! The guide names a file that the manifest does not declare.
//!
//! Why: The entry of the guide leads nowhere.
//!
//! Fix: Declare the file, or take the reference away.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::url::{self, Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-031", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    let items = publication.items_by_path();
    for reference in &package.guide {
        let Some(href) = reference.href.as_deref() else { continue };
        if let Link::Inside(inside) = url::resolve(&package.path, href)
            && !items.contains_key(inside.path.as_str())
        {
            report.add(publication.in_package(reference.at), &[("name", &inside.path)]);
        }
    }
}
