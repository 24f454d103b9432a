//! Where SVG holds XHTML: in `foreignObject` and in `title` (EPUB 3.3, 6.2.3).

use roxmltree::Node;

use super::{Faults, html::is_xhtml};
use crate::xml::{Tree, namespace};

/// Elements that show something.
const RENDERED: [&str; 23] = [
    "a",
    "audio",
    "canvas",
    "circle",
    "ellipse",
    "foreignObject",
    "g",
    "iframe",
    "image",
    "line",
    "path",
    "polygon",
    "polyline",
    "rect",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "tspan",
    "unknown",
    "use",
    "video",
];
/// XHTML that is no flow content.
const NOT_FLOW: [&str; 10] = ["html", "head", "title", "base", "li", "dt", "dd", "tr", "td", "th"];

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    for node in tree.root().descendants().filter(|node| node.tag_name().namespace() == Some(namespace::SVG)) {
        own_attributes(tree, node, faults);
        match node.tag_name().name() {
            "foreignObject" => foreign(tree, node, faults),
            "title" => {
                for child in node.descendants().skip(1).filter(|child| child.is_element() && !is_xhtml(*child)) {
                    let data = [("element", child.tag_name().name()), ("parent", "title")];
                    faults.error(tree.position(child), "element-misplaced", &data);
                }
            }
            _ => {}
        }
    }
}

/// What EPUB's own attributes may stand on (EPUB 3.3, 6.2.2).
fn own_attributes(tree: &Tree<'_>, node: Node<'_, '_>, faults: &mut Faults) {
    let name = node.tag_name().name();
    for attribute in node.attributes().filter(|attribute| attribute.namespace() == Some(namespace::OPS)) {
        let fits = match attribute.name() {
            "type" => RENDERED.contains(&name),
            "prefix" => node == tree.root(),
            _ => false,
        };
        if !fits {
            let attribute = format!("epub:{}", attribute.name());
            faults.error(tree.position(node), "attribute-unknown", &[("element", name), ("attribute", &attribute)]);
        }
    }
    if let Some(id) = node.attribute("id")
        && tree.root().tag_name().namespace() == Some(namespace::SVG)
        && !id.trim_start().starts_with(|first: char| first.is_alphabetic() || first == '_')
    {
        faults.error(tree.position(node), "id-form", &[("id", id)]);
    }
}

/// In a document of its own it may hold one `body`; inside XHTML, flow content alone.
fn foreign(tree: &Tree<'_>, node: Node<'_, '_>, faults: &mut Faults) {
    let is_embedded = is_xhtml(tree.root());
    let mut bodies = 0;
    for child in node.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        bodies += usize::from(name == "body");
        let fits = is_xhtml(child) && !NOT_FLOW.contains(&name) && (name != "body" || !is_embedded && bodies == 1);
        if !fits {
            let data = [("element", name), ("parent", "foreignObject")];
            faults.error(tree.position(child), "element-misplaced", &data);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn a_drawing_holds_flow_content_where_it_may() {
        for (body, expected) in [
            ("<g epub:type=\"figure\" id=\"a\"><title>x</title></g>", &[][..]),
            ("<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"><p>x</p></body></foreignObject>", &[][..]),
            ("<foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\">x</p></foreignObject>", &[][..]),
            (
                "<foreignObject><title xmlns=\"http://www.w3.org/1999/xhtml\">x</title></foreignObject>",
                &["element-misplaced"][..],
            ),
            ("<foreignObject><rect/></foreignObject>", &["element-misplaced"][..]),
            ("<title><rect/></title>", &["element-misplaced"][..]),
            ("<defs epub:type=\"figure\"/>", &["attribute-unknown"][..]),
            ("<g epub:own=\"x\"/>", &["attribute-unknown"][..]),
            ("<g id=\"1\"/>", &["id-form"][..]),
        ] {
            assert_eq!(
                proof::found(
                    &format!("<svg xmlns=\"{}\" xmlns:epub=\"{}\">{body}</svg>", namespace::SVG, namespace::OPS),
                    check
                ),
                expected,
                "{body}"
            );
        }
    }

    #[test]
    fn inside_xhtml_there_is_one_body_already() {
        let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\"><foreignObject>\
                       <body xmlns=\"http://www.w3.org/1999/xhtml\"/></foreignObject></svg>";
        assert_eq!(proof::found(&proof::xhtml(drawing), check), ["element-misplaced"]);
    }
}
