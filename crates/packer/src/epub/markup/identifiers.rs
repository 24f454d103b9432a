//! Identifiers of a document, and the attributes that name them.

use std::collections::HashMap;

use super::{Faults, html::is_xhtml};
use crate::xml::Tree;

/// Attributes of XHTML that name one identifier or several.
const REFERENCES: [&str; 11] = [
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
    "for",
    "headers",
    "list",
];

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    let mut count: HashMap<&str, usize> = HashMap::new();
    let elements = || tree.root().descendants().filter(roxmltree::Node::is_element);
    for id in elements().filter_map(|node| node.attribute("id")) {
        *count.entry(id.trim()).or_default() += 1;
    }
    for node in elements() {
        if let Some(id) = node.attribute("id").map(str::trim) {
            if count.get(id).is_some_and(|count| *count > 1) {
                faults.error(tree.position(node), "duplicate-id", &[("id", id)]);
            } else if id.is_empty() || id.contains(char::is_whitespace) {
                faults.error(tree.position(node), "id-form", &[("id", id)]);
            }
        }
        if !is_xhtml(node) {
            continue;
        }
        for attribute in node.attributes().filter(|attribute| attribute.namespace().is_none()) {
            if !REFERENCES.contains(&attribute.name()) {
                continue;
            }
            if let Some(id) = attribute.value().split_whitespace().find(|id| !count.contains_key(id)) {
                let data = [("attribute", attribute.name()), ("id", id)];
                faults.error(tree.position(node), "reference-unknown", &data);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn identifiers_are_unique_and_what_names_them_is_there() {
        for (body, expected) in [
            ("<p id=\"a\">x</p><p id=\"b\">y</p><label for=\"a\">z</label>", &[][..]),
            ("<p id=\"a\">x</p><p id=\" a \">y</p>", &["duplicate-id", "duplicate-id"][..]),
            ("<p id=\"a b\">x</p>", &["id-form"][..]),
            ("<p id=\"\">x</p>", &["id-form"][..]),
            ("<p aria-describedby=\"a b\" id=\"a\">x</p>", &["reference-unknown"][..]),
            ("<svg xmlns=\"http://www.w3.org/2000/svg\" for=\"x\"/>", &[][..]),
        ] {
            assert_eq!(proof::found(&proof::xhtml(body), check), expected, "{body}");
        }
    }
}
