//! The content model of search key maps (EPUB Dictionaries and Glossaries 1.0, 2.4).

use roxmltree::Node;

use super::Faults;
use crate::xml::{Tree, namespace};

/// Each element with what it must have: an attribute, an element inside it, and whether at least one of those.
const MODEL: [(&str, Option<&str>, Option<&str>, bool); 4] = [
    ("search-key-map", None, Some("search-key-group"), true),
    ("search-key-group", Some("href"), Some("match"), true),
    ("match", Some("value"), Some("value"), false),
    ("value", Some("value"), None, false),
];

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    let root = tree.root();
    if !is(root, "search-key-map") {
        faults.error(tree.position(root), "element-unknown", &[("element", root.tag_name().name())]);
        return;
    }
    for node in root.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        let Some((_, attribute, inner, is_needed)) = MODEL.iter().find(|row| is(node, row.0)) else { continue };
        if let Some(attribute) = attribute.filter(|attribute| !node.has_attribute(*attribute)) {
            faults.error(tree.position(node), "attribute-missing", &[("element", name), ("attribute", attribute)]);
        }
        let (fitting, others): (Vec<_>, Vec<_>) =
            node.children().filter(Node::is_element).partition(|child| inner.is_some_and(|inner| is(*child, inner)));
        for other in others {
            let data = [("element", other.tag_name().name()), ("parent", name)];
            faults.error(tree.position(other), "element-misplaced", &data);
        }
        if let Some(inner) = inner.filter(|_| *is_needed && fitting.is_empty()) {
            faults.error(tree.position(node), "element-missing", &[("element", inner), ("parent", name)]);
        }
    }
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.has_tag_name((namespace::OPS, name))
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn a_map_has_groups_and_a_group_has_words() {
        for (inner, expected) in [
            ("<search-key-group href='a'><match value='b'><value value='c'/></match></search-key-group>", &[][..]),
            ("", &["element-missing"][..]),
            ("<search-key-group><match value='b'/></search-key-group>", &["attribute-missing"][..]),
            ("<search-key-group href='a'/>", &["element-missing"][..]),
            ("<search-key-group href='a'><match value='b'><p/></match></search-key-group>", &["element-misplaced"][..]),
        ] {
            let document = format!("<search-key-map xmlns='http://www.idpf.org/2007/ops'>{inner}</search-key-map>");
            assert_eq!(proof::found(&document, check), expected, "{inner}");
        }
        assert_eq!(proof::found("<map/>", check), ["element-unknown"]);
    }
}
