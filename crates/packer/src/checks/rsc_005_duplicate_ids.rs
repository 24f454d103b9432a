//! Two elements of the package document have one id.
//!
//! Why: A rule of the format is broken; readers may refuse the book or leave out what they cannot read.
//!
//! Fix: Correct the place that is named as the EPUB specification has it.

use std::collections::HashMap;

use roxmltree::Node;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
    xml::{Position, collapse},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-005", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(tree) = publication.package_tree else { return };
    let mut known: HashMap<String, Vec<Position>> = HashMap::new();
    for node in tree.root().descendants().filter(Node::is_element) {
        if let Some(id) = node.attribute("id").map(collapse) {
            known.entry(id).or_default().push(tree.position(node));
        }
    }
    for (id, places) in known.into_iter().filter(|(_, places)| places.len() > 1) {
        for at in places {
            report.add(publication.in_package(at), &[("problem", "duplicate-id"), ("id", &id)]);
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
    fn an_id_that_is_used_twice_is_told_at_both_places() {
        fires(RULE.code, &Book::epub3().item("id", "a.css", "text/css", "", ""), &[(PACKAGE, 4), (PACKAGE, 12)]);
    }
}
