//! A link of the metadata leads to an element of the package document.
//!
//! Why: Links lead to resources.
//!
//! Fix: Write the path of the resource.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::url::{self, Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-098", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for meta in package.metadata.iter().filter(|meta| meta.element == "link") {
        let Some(href) = meta.href.as_deref() else { continue };
        if let Link::Inside(inside) = url::resolve(&package.path, href)
            && inside.path == package.path
        {
            report.add(publication.in_package(meta.at), &[("href", href)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn a_link_to_an_item_is_told() {
        fires(
            RULE.code,
            &Book::epub3().metadata("<link rel=\"record\" href=\"#chapter\" media-type=\"x/y\"/>"),
            &[(PACKAGE, 8)],
        );
    }
}
