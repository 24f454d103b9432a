//! The package document has what is tolerated or deprecated.
//!
//! Why: It is allowed or tolerated, and some readers stumble over it.
//!
//! Fix: Correct the place that is named.

use std::collections::{HashMap, HashSet};

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
    xml::Position,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-017", severity: Severity::Warning, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    let mut seen: HashMap<(&str, &str), Vec<Position>> = HashMap::new();
    for reference in &package.guide {
        let href = reference.href.as_deref().unwrap_or_default();
        seen.entry((reference.kind.as_str(), href)).or_default().push(reference.at);
    }
    for at in seen.into_values().filter(|places| places.len() > 1).flatten() {
        report.add(publication.in_package(at), &[("problem", "guide-repeats")]);
    }
    if package.is_epub2() {
        return;
    }
    if let Some(tree) = publication.package_tree {
        for node in tree.root().children().filter(|node| node.tag_name().name() == "bindings") {
            report.add(publication.in_package(tree.position(node)), &[("problem", "bindings")]);
        }
    }
    let hrefs: HashSet<&str> = package.items.iter().filter_map(|item| item.href.as_deref()).collect();
    for meta in &package.metadata {
        if meta.property.as_deref() == Some("meta-auth") {
            report.add(publication.in_package(meta.at), &[("problem", "meta-auth")]);
        }
        let is_path = |refines: &&str| hrefs.contains(refines);
        if let Some(value) = meta.refines.as_deref().filter(is_path) {
            report.add(publication.in_package(meta.at), &[("problem", "refines-path"), ("value", value)]);
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
    fn a_reference_of_the_guide_that_stands_twice_is_told() {
        fires(RULE.code, &Book::epub2().edit(PACKAGE, "</package>", "<guide><reference type=\"text\" href=\"chapter.xhtml\"/>\n<reference type=\"text\" href=\"chapter.xhtml\"/></guide></package>"), &[(PACKAGE, 15), (PACKAGE, 16)]);
    }
}
