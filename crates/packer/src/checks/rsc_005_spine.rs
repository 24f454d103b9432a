//! The spine is missing or empty, or an itemref lacks its item.
//!
//! Why: A rule of the format is broken; readers may refuse the book or leave out what they cannot read.
//!
//! Fix: Correct the place that is named as the EPUB specification has it.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-005", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    let Some(at) = package.spine_at else {
        report.add(publication.in_package(package.at), &[("problem", "spine-missing")]);
        return;
    };
    if package.spine.is_empty() {
        report.add(publication.in_package(at), &[("problem", "spine-empty")]);
    }
    let mut seen = HashSet::new();
    for reference in &package.spine {
        match reference.id.as_deref() {
            None => {
                let data = [("problem", "attribute-missing"), ("element", "itemref"), ("attribute", "idref")];
                report.add(publication.in_package(reference.at), &data);
            }
            Some(id) if !seen.insert(id) && !package.is_epub2() => {
                report.add(publication.in_package(reference.at), &[("problem", "spine-repeats"), ("id", id)]);
            }
            Some(_) => {}
        }
    }
    let has_page_map = publication.package_tree.is_some_and(|tree| {
        let spine = tree.root().children().find(|node| node.tag_name().name() == "spine");
        spine.is_some_and(|spine| spine.has_attribute("page-map"))
    });
    if has_page_map {
        let data = [("problem", "attribute-unknown"), ("element", "spine"), ("attribute", "page-map")];
        report.add(publication.in_package(at), &data);
    }
    let has_ncx = package.items.iter().any(|item| item.kind() == "application/x-dtbncx+xml");
    let named = package.spine_toc.as_deref().and_then(|id| package.item(id));
    if package.spine_toc.is_none() && !package.is_oeb && (package.is_epub2() || has_ncx) {
        report.add(publication.in_package(at), &[("problem", "toc-missing")]);
    } else if !package.is_epub2() && named.is_some_and(|item| item.kind() != "application/x-dtbncx+xml") {
        report.add(publication.in_package(at), &[("problem", "toc-type")]);
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
    fn a_spine_that_names_no_ncx_is_told_in_epub_2() {
        fires(RULE.code, &Book::epub2().edit(PACKAGE, " toc=\"ncx\"", ""), &[(PACKAGE, 12)]);
    }

    #[test]
    fn an_item_that_is_named_twice_is_told() {
        fires(RULE.code, &Book::epub3().spine("chapter", ""), &[(PACKAGE, 15)]);
    }
}
