//! What EPUB asks of MathML beyond MathML (EPUB 3.3, 6.1.3.2).

use super::Faults;
use crate::xml::{Tree, namespace};

/// Encodings of an annotation, and the name that says what it is for.
const ANNOTATIONS: [(&str, &[&str]); 4] = [
    ("MathML-Content", &["contentequiv"]),
    ("application/mathml-content+xml", &["contentequiv"]),
    ("application/xhtml+xml", &["alternate-representation"]),
    ("image/svg+xml", &["alternate-representation"]),
];

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    for node in tree.root().descendants().filter(|node| node.tag_name().namespace() == Some(namespace::MATHML)) {
        let at = tree.position(node);
        match node.tag_name().name() {
            "annotation-xml" => {
                let encoding = node.attribute("encoding").unwrap_or_default();
                let known = ANNOTATIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(encoding));
                let (attribute, value) = match (known, node.attribute("name")) {
                    (None, _) => ("encoding", encoding),
                    (Some((_, names)), Some(name)) if !names.contains(&name) => ("name", name),
                    _ => continue,
                };
                let data = [("element", "annotation-xml"), ("attribute", attribute), ("value", value)];
                faults.error(at, "attribute-value", &data);
            }
            "math" => {
                let parent = node.parent_element().map(|parent| parent.tag_name());
                if parent.is_some_and(|parent| parent.namespace() == Some(namespace::MATHML) && parent.name() == "math")
                {
                    faults.error(at, "element-misplaced", &[("element", "math"), ("parent", "math")]);
                }
            }
            _ => {}
        }
    }
}
