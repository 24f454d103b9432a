//! What EPUB asks of MathML beyond MathML (EPUB 3.3, 6.1.3.2).

use super::Faults;
use crate::xml::{Tree, namespace};

/// Encodings of an annotation, and the name that says what it is for.
const ANNOTATIONS: [(&str, &[&str]); 9] = [
    ("MathML", &["contentequiv", "alternate-representation"]),
    ("MathML-Content", &["contentequiv"]),
    ("application/mathml-content+xml", &["contentequiv"]),
    ("MathML-Presentation", &["contentequiv", "alternate-representation"]),
    ("application/mathml-presentation+xml", &["contentequiv", "alternate-representation"]),
    ("application/xhtml+xml", &["contentequiv", "alternate-representation"]),
    ("text/html", &["contentequiv", "alternate-representation"]),
    ("SVG1.1", &["alternate-representation"]),
    ("image/svg+xml", &["alternate-representation"]),
];

/// Elements of Content MathML that can be outermost.
const CONTENT: [&str; 8] = ["apply", "bind", "ci", "cn", "csymbol", "cs", "lambda", "piecewise"];

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    for node in tree.root().descendants().filter(|node| node.tag_name().namespace() == Some(namespace::MATHML)) {
        let at = tree.position(node);
        match node.tag_name().name() {
            "annotation-xml" => {
                let encoding = node.attribute("encoding").unwrap_or_default();
                let has_content = node.children().any(|child| CONTENT.contains(&child.tag_name().name()));
                let is_presentation = encoding.to_ascii_lowercase().contains("presentation");
                let known = ANNOTATIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(encoding));
                let (attribute, value) = match (known, node.attribute("name")) {
                    (None, _) => ("encoding", encoding),
                    (Some(_), _) if has_content && is_presentation => ("encoding", encoding),
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

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn annotations_say_what_they_are() {
        for (body, expected) in [
            ("<mi>x</mi>", &[][..]),
            (
                "<semantics><mi>x</mi><annotation-xml encoding=\"MathML-Content\" name=\"contentequiv\"><ci>x</ci></annotation-xml></semantics>",
                &[][..],
            ),
            (
                "<semantics><mi>x</mi><annotation-xml encoding=\"application/x-own\"/></semantics>",
                &["attribute-value"][..],
            ),
            (
                "<semantics><mi>x</mi><annotation-xml encoding=\"SVG1.1\" name=\"contentequiv\"/></semantics>",
                &["attribute-value"][..],
            ),
            (
                "<semantics><mi>x</mi><annotation-xml encoding=\"MathML-Presentation\"><apply/></annotation-xml></semantics>",
                &["attribute-value"][..],
            ),
            ("<math/>", &["element-misplaced"][..]),
        ] {
            assert_eq!(
                proof::found(&format!("<math xmlns=\"{}\">{body}</math>", namespace::MATHML), check),
                expected,
                "{body}"
            );
        }
    }
}
