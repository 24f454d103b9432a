//! A collection stands where its role does not let it, or lacks what its role needs.
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
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let with_manifest: HashSet<usize> = package
        .collections
        .iter()
        .filter(|inner| inner.roles.iter().any(|role| role == "manifest"))
        .filter_map(|inner| inner.parent)
        .collect();
    for (index, collection) in package.collections.iter().enumerate() {
        let at = publication.in_package(collection.at);
        let parent = collection.parent.map(|parent| package.collections[parent].roles.as_slice());
        let has = |role: &str| collection.roles.iter().any(|own| own == role);
        let is_in = |role: &str| parent.is_some_and(|roles| roles.iter().any(|own| own == role));
        let is_misplaced = has("manifest") && parent.is_none()
            || has("index-group") && !is_in("index")
            || is_in("index") && !has("index-group")
            || is_in("index-group");
        if is_misplaced {
            let outer = parent.map(|roles| roles.join(" ")).unwrap_or_default();
            let data = [("problem", "collection-misplaced"), ("role", &collection.roles.join(" ")), ("parent", &outer)];
            report.add(at, &data);
        } else if has("distributable-object") && !collection.has_identifier {
            report.add(at, &[("problem", "identifier-missing")]);
        } else if has("preview") && collection.parent.is_none() {
            if !with_manifest.contains(&index) {
                let data =
                    [("problem", "collection-lacks"), ("role", "preview"), ("missing", "collection role=\"manifest\"")];
                report.add(at.clone(), &data);
            }
            if collection.links.is_empty() {
                report.add(at, &[("problem", "collection-lacks"), ("role", "preview"), ("missing", "link")]);
            }
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
    fn a_manifest_at_the_top_is_told() {
        fires(
            RULE.code,
            &Book::epub3().edit(
                PACKAGE,
                "</package>",
                "<collection role=\"manifest\"><link href=\"chapter.xhtml\"/></collection></package>",
            ),
            &[(PACKAGE, 16)],
        );
    }
}
