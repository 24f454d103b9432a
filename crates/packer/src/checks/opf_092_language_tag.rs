//! A language tag is not well-formed (BCP 47).
//!
//! Why: Readers choose voices, hyphens and dictionaries by the tag.
//!
//! Fix: Write a tag such as `en`, `en-GB` or `zh-Hant`.

use roxmltree::Node;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
    xml::namespace,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-092", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for meta in &package.metadata {
        let languages = [Some(&meta.text).filter(|text| meta.is_dc("language") && !text.is_empty())];
        let tags = languages.into_iter().chain([meta.language.as_ref(), meta.hreflang.as_ref()]).flatten();
        for tag in tags.filter(|tag| !tag.is_empty() && !is_well_formed(tag)) {
            report.add(publication.in_package(meta.at), &[("tag", tag)]);
        }
    }
    if let Some(tree) = publication.package_tree {
        let outer = tree.root().children().chain([tree.root()]);
        for node in outer.filter(Node::is_element) {
            if let Some(tag) =
                node.attribute((namespace::XML, "lang")).filter(|tag| !tag.is_empty() && !is_well_formed(tag))
            {
                report.add(publication.in_package(tree.position(node)), &[("tag", tag)]);
            }
        }
    }
}

fn is_well_formed(tag: &str) -> bool {
    oxilangtag::LanguageTag::parse(tag).is_ok()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn the_name_of_a_language_is_no_tag() {
        fires(RULE.code, &Book::epub3().edit(PACKAGE, "<dc:language>en<", "<dc:language>en_US<"), &[(PACKAGE, 6)]);
    }
}
