//! The content model of navigation documents (EPUB 3.3, 7.3).

use roxmltree::Node;

use super::{Faults, html::is_xhtml};
use crate::xml::{Tree, namespace, text_of};

const HEADINGS: [&str; 7] = ["h1", "h2", "h3", "h4", "h5", "h6", "hgroup"];
/// Navigation that needs no heading, since what it is is known.
const KNOWN: [&str; 3] = ["toc", "page-list", "landmarks"];

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    let navs = tree.root().descendants().filter(|node| is_xhtml(*node) && node.tag_name().name() == "nav");
    let mut seen: Vec<&str> = Vec::new();
    let mut has_toc = false;
    for nav in navs {
        let Some(kinds) = nav.attribute((namespace::OPS, "type")) else { continue };
        let kinds: Vec<&str> = kinds.split_whitespace().collect();
        has_toc |= kinds.contains(&"toc");
        for kind in KNOWN.into_iter().filter(|kind| kinds.contains(kind)) {
            if seen.contains(&kind) {
                faults.error(tree.position(nav), "navigation-repeats", &[("value", kind)]);
            }
            seen.push(kind);
        }
        model(tree, nav, &kinds, faults);
    }
    if !has_toc {
        faults.error(tree.position(tree.root()), "navigation-no-toc", &[]);
    }
}

/// A heading that may be left out, and one list.
fn model(tree: &Tree<'_>, nav: Node<'_, '_>, kinds: &[&str], faults: &mut Faults) {
    let mut children = elements(nav).peekable();
    let heading = children.next_if(|child| HEADINGS.contains(&child.tag_name().name()));
    match heading {
        Some(heading) if label(heading).is_empty() => {
            faults.error(tree.position(heading), "element-empty", &[("element", heading.tag_name().name())]);
        }
        None if !kinds.iter().any(|kind| KNOWN.contains(kind)) => {
            faults.error(tree.position(nav), "heading-missing", &[]);
        }
        _ => {}
    }
    let mut lists = 0;
    for child in children {
        if child.tag_name().name() == "ol" && lists == 0 {
            lists += 1;
            list(tree, child, kinds, 1, faults);
        } else {
            misplaced(tree, child, faults);
        }
    }
    if lists == 0 {
        faults.error(tree.position(nav), "element-missing", &[("element", "ol"), ("parent", "nav")]);
    }
}

/// Each item: a link, or a label with a list below it.
fn list(tree: &Tree<'_>, list: Node<'_, '_>, kinds: &[&str], depth: usize, faults: &mut Faults) {
    let is_flat = kinds.contains(&"page-list") || kinds.contains(&"landmarks");
    if depth > 1 && is_flat {
        faults.warn(tree.position(list), "navigation-nested", &[]);
    }
    for item in elements(list).filter(|item| item.tag_name().name() == "li") {
        let mut children = elements(item).peekable();
        let head = children.next_if(|child| matches!(child.tag_name().name(), "a" | "span"));
        let below: Vec<_> = children.collect();
        let has_list = below.iter().any(|child| child.tag_name().name() == "ol");
        match head {
            None => faults.error(tree.position(item), "label-missing", &[]),
            Some(head) => {
                let name = head.tag_name().name();
                if label(head).is_empty() {
                    faults.error(tree.position(head), "element-empty", &[("element", name)]);
                }
                for span in
                    head.descendants().skip(1).filter(|inner| is_xhtml(*inner) && inner.tag_name().name() == "span")
                {
                    if label(span).is_empty() {
                        faults.error(tree.position(span), "element-empty", &[("element", "span")]);
                    }
                }
                if name == "span" && !has_list {
                    faults.error(tree.position(item), "leaf-without-link", &[]);
                }
                if name == "a" && kinds.contains(&"landmarks") && !head.has_attribute((namespace::OPS, "type")) {
                    let data = [("element", "a"), ("attribute", "epub:type")];
                    faults.error(tree.position(head), "attribute-missing", &data);
                }
            }
        }
        for child in below {
            // A document is as deep as its limits allow.
            if child.tag_name().name() == "ol" {
                self::list(tree, child, kinds, depth + 1, faults);
            } else {
                misplaced(tree, child, faults);
            }
        }
    }
}

fn misplaced(tree: &Tree<'_>, node: Node<'_, '_>, faults: &mut Faults) {
    let parent = node.parent_element().map(|parent| parent.tag_name().name()).unwrap_or_default();
    faults.error(tree.position(node), "element-misplaced", &[("element", node.tag_name().name()), ("parent", parent)]);
}

fn elements<'a, 'input>(node: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(Node::is_element)
}

/// What is read out: text, and what stands for pictures.
fn label(node: Node<'_, '_>) -> String {
    let mut text = text_of(node);
    for part in node.descendants().filter(Node::is_element) {
        for attribute in ["alt", "title", "aria-label"] {
            text += part.attribute(attribute).unwrap_or_default().trim();
        }
        // Sound and drawings speak for themselves.
        if matches!(part.tag_name().name(), "audio" | "video" | "svg" | "math" | "object" | "embed") {
            text.push('*');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn a_navigation_is_a_list_of_links() {
        for (body, expected) in [
            (
                "<nav epub:type=\"toc\"><h1>C</h1><ol><li><a href=\"a\">A</a><ol><li><a href=\"b\">B</a></li></ol></li></ol></nav>",
                &[][..],
            ),
            (
                "<nav epub:type=\"toc\"><ol><li><a href=\"a\"><img src=\"a.png\" alt=\"A\"/></a></li></ol></nav>",
                &[][..],
            ),
            ("<nav><p>of readers alone</p></nav>", &["navigation-no-toc"][..]),
            ("<nav epub:type=\"toc\"/>", &["element-missing"][..]),
            ("<nav epub:type=\"toc\"><h1> </h1><ol><li><a href=\"a\">A</a></li></ol></nav>", &["element-empty"][..]),
            ("<nav epub:type=\"toc\"><p>x</p><ol><li><a href=\"a\">A</a></li></ol></nav>", &["element-misplaced"][..]),
            ("<nav epub:type=\"toc\"><ol><li><a href=\"a\"></a></li></ol></nav>", &["element-empty"][..]),
            (
                "<nav epub:type=\"toc\"><ol><li><ol><li><a href=\"a\">A</a></li></ol></li></ol></nav>",
                &["label-missing"][..],
            ),
            ("<nav epub:type=\"toc\"><ol><li><span>A</span></li></ol></nav>", &["leaf-without-link"][..]),
            ("<nav epub:type=\"toc\"><ol><li><a href=\"a\">A</a><p>x</p></li></ol></nav>", &["element-misplaced"][..]),
            (
                "<nav epub:type=\"toc\"><ol><li><a href=\"a\">A</a></li></ol></nav><nav epub:type=\"toc\"><ol><li><a href=\"a\">A</a></li></ol></nav>",
                &["navigation-repeats"][..],
            ),
            (
                "<nav epub:type=\"toc\"><ol><li><a href=\"a\">A</a></li></ol></nav><nav epub:type=\"lot\"><ol><li><a href=\"a\">A</a></li></ol></nav>",
                &["heading-missing"][..],
            ),
            (
                "<nav epub:type=\"toc\"><ol><li><a href=\"a\">A</a></li></ol></nav><nav epub:type=\"landmarks\"><ol><li><a href=\"a\">A</a></li></ol></nav>",
                &["attribute-missing"][..],
            ),
            (
                "<nav epub:type=\"toc\"><ol><li><a href=\"a\">A</a></li></ol></nav><nav epub:type=\"page-list\"><ol><li><a href=\"a\">1</a><ol><li><a href=\"b\">2</a></li></ol></li></ol></nav>",
                &["navigation-nested"][..],
            ),
        ] {
            assert_eq!(proof::found(&proof::xhtml(body), check), expected, "{body}");
        }
    }
}
