//! A link of the metadata to a file of the book has no media type.
//!
//! Why: A reader must know what it would load.
//!
//! Fix: Add `media-type`.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::url::{self, Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-093", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for meta in package.metadata.iter().filter(|meta| meta.element == "link" && meta.media_type.is_none()) {
        let Some(href) = meta.href.as_deref() else { continue };
        if matches!(url::resolve(&package.path, href), Link::Inside(inside) if inside.path != package.path) {
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
    fn a_link_without_a_media_type_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .metadata("<link rel=\"record\" href=\"a.xml\" properties=\"onix\"/>")
                .file("EPUB/a.xml", "<a/>"),
            &[(PACKAGE, 8)],
        );
    }
}
