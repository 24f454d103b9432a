//! The NCX of EPUB 2 (ANSI/NISO Z39.86-2005, 8).

use roxmltree::Node;

use super::{Faults, identifiers};
use crate::xml::Tree;

/// What the pages of a page list can be.
const PAGES: [&str; 3] = ["front", "normal", "special"];

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    identifiers::check(tree, faults);
    for node in tree.root().descendants().filter(Node::is_element) {
        let at = tree.position(node);
        let name = node.tag_name().name();
        if let Some(id) = node.attribute("id")
            && !is_name(id)
        {
            faults.error(at, "id-form", &[("id", id)]);
        }
        match node.attribute("type") {
            Some(kind) if name == "pageTarget" && !PAGES.contains(&kind) => {
                faults.error(at, "attribute-value", &[("element", name), ("attribute", "type"), ("value", kind)]);
            }
            None if name == "pageTarget" => {
                faults.error(at, "attribute-missing", &[("element", name), ("attribute", "type")]);
            }
            _ => {}
        }
    }
}

/// A name of XML without a colon, as an identifier must be; what is empty or has blanks is told for every document.
fn is_name(id: &str) -> bool {
    id.is_empty()
        || id.contains(char::is_whitespace)
        || id.starts_with(|first: char| first.is_alphabetic() || first == '_') && !id.contains(':')
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn identifiers_are_names_and_pages_have_types() {
        for (body, expected) in [
            ("<navPoint id=\"a\"/><pageTarget type=\"front\"/>", &[][..]),
            ("<navPoint id=\"1\"/>", &["id-form"][..]),
            ("<navPoint id=\"a:b\"/>", &["id-form"][..]),
            ("<navPoint id=\"a b\"/>", &["id-form"][..]),
            ("<navPoint id=\"a\"/><navPoint id=\"a\"/>", &["duplicate-id", "duplicate-id"][..]),
            ("<pageTarget type=\"odd\"/>", &["attribute-value"][..]),
            ("<pageTarget/>", &["attribute-missing"][..]),
        ] {
            assert_eq!(
                proof::found(&format!("<ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\">{body}</ncx>"), check),
                expected,
                "{body}"
            );
        }
    }
}
