//! A property has no prefix and is in no vocabulary of EPUB.
//!
//! Why: Readers pass over it.
//!
//! Fix: Correct its spelling, or give it a prefix that is declared.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-027", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let mut told = |property: &str, at| report.add(publication.in_package(at), &[("property", property)]);
    for meta in &package.metadata {
        if let Some(property) = meta.property.as_deref().filter(|property| is_unknown(property, &META, &RENDITION)) {
            told(property, meta.at);
        }
        let is_plain = |scheme: &&str| meta.property.is_some() && !scheme.is_empty() && !scheme.contains(':');
        if let Some(scheme) = meta.scheme.as_deref().filter(is_plain) {
            told(scheme, meta.at);
        }
    }
    for item in &package.items {
        // No property of layout is one of the manifest.
        let is_unknown = |property: &&String| is_unknown(property, &ITEM, &[]) || property.starts_with("rendition:");
        for property in item.properties.iter().filter(is_unknown) {
            told(property, item.at);
        }
    }
    for reference in &package.spine {
        for property in reference.properties.iter().filter(|property| is_unknown(property, &SPINE, &RENDITION_SPINE)) {
            told(property, reference.at);
        }
    }
}

/// Properties of `meta` (EPUB 3.3, appendix D.3).
const META: [&str; 18] = [
    "alternate-script",
    "authority",
    "belongs-to-collection",
    "collection-type",
    "dictionary-type",
    "display-seq",
    "file-as",
    "group-position",
    "identifier-type",
    "meta-auth",
    "pageBreakSource",
    "role",
    "source-language",
    "source-of",
    "target-language",
    "term",
    "title-type",
    "dictionary",
];
/// Properties of `item` (appendix D.5), and those of the specifications beside EPUB.
const ITEM: [&str; 12] = [
    "cover-image",
    "data-nav",
    "dictionary",
    "glossary",
    "index",
    "mathml",
    "nav",
    "remote-resources",
    "scripted",
    "search-key-map",
    "svg",
    "switch",
];
/// Properties of `itemref` (appendix D.6).
const SPINE: [&str; 2] = ["page-spread-left", "page-spread-right"];
/// Properties of `meta` under the prefix `rendition`.
const RENDITION: [&str; 6] = ["layout", "orientation", "spread", "flow", "viewport", "align-x-center"];
/// Properties of `itemref` under the prefix `rendition`.
const RENDITION_SPINE: [&str; 19] = [
    "layout-reflowable",
    "layout-pre-paginated",
    "orientation-auto",
    "orientation-landscape",
    "orientation-portrait",
    "spread-auto",
    "spread-both",
    "spread-landscape",
    "spread-none",
    "spread-portrait",
    "page-spread-center",
    "page-spread-left",
    "page-spread-right",
    "flow-auto",
    "flow-paginated",
    "flow-scrolled-continuous",
    "flow-scrolled-doc",
    "align-x-center",
    "page-spread",
];

fn is_unknown(property: &str, known: &[&str], rendition: &[&str]) -> bool {
    match property.split_once(':') {
        None => !property.is_empty() && !property.contains(' ') && !known.contains(&property),
        Some(("rendition", name)) => !rendition.is_empty() && !name.is_empty() && !rendition.contains(&name),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::{fires, passes},
    };

    #[test]
    fn a_property_of_no_vocabulary_is_told() {
        fires(RULE.code, &Book::epub3().item("a", "a.css", "text/css", "properties=\"shiny\"", ""), &[(PACKAGE, 12)]);
    }

    #[test]
    fn a_property_with_a_declared_prefix_passes() {
        passes(
            RULE.code,
            &Book::epub3().metadata("<meta property=\"my:own\">x</meta>").edit(
                PACKAGE,
                "unique-identifier",
                "prefix=\"my: http://my.example/\" unique-identifier",
            ),
        );
    }
}
