//! The content model of indexes (EPUB Indexes 1.0, 3).

use roxmltree::Node;

use super::{Faults, has_type, html::is_xhtml};
use crate::xml::Tree;

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    let Some(body) = tree.root().children().find(|node| is_xhtml(*node) && node.tag_name().name() == "body") else {
        return;
    };
    let is_section = |node: &Node<'_, '_>| is_xhtml(*node) && node.tag_name().name() == "section";
    let places = std::iter::once(body).chain(body.children().filter(is_section));
    let mut indexes = places.filter(|node| has_type(*node, "index")).peekable();
    if indexes.peek().is_none() {
        faults.error(tree.position(body), "index-missing", &[]);
    }
    for index in indexes {
        let groups = || within(index, "index-group");
        needs_list(tree, index, faults);
        for group in groups() {
            needs_list(tree, group, faults);
        }
        for list in within(index, "index-entry-list") {
            for entry in list.children().filter(|node| is_xhtml(*node) && node.tag_name().name() == "li") {
                if within(entry, "index-term").next().is_none() {
                    faults.error(
                        tree.position(entry),
                        "element-missing",
                        &[("element", "index-term"), ("parent", "li")],
                    );
                }
            }
        }
    }
}

fn needs_list(tree: &Tree<'_>, node: Node<'_, '_>, faults: &mut Faults) {
    if within(node, "index-entry-list").next().is_none() {
        let data = [("element", "index-entry-list"), ("parent", node.tag_name().name())];
        faults.error(tree.position(node), "element-missing", &data);
    }
}

fn within<'a, 'input>(node: Node<'a, 'input>, kind: &'a str) -> impl Iterator<Item = Node<'a, 'input>> {
    node.descendants().skip(1).filter(move |inner| has_type(*inner, kind))
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn an_index_has_a_list_and_an_entry_has_a_term() {
        let list = "<ul epub:type=\"index-entry-list\"><li><span epub:type=\"index-term\">a</span></li></ul>";
        for (body, expected) in [
            (format!("<section epub:type=\"index\">{list}</section>"), &[][..]),
            (format!("<div><section epub:type=\"index\">{list}</section></div>"), &["index-missing"][..]),
            ("<p>Nothing</p>".to_owned(), &["index-missing"][..]),
            ("<section epub:type=\"index\"><h1>Index</h1></section>".to_owned(), &["element-missing"][..]),
            (
                format!("<section epub:type=\"index\">{list}<div epub:type=\"index-group\"/></section>"),
                &["element-missing"][..],
            ),
            (
                "<section epub:type=\"index\"><ul epub:type=\"index-entry-list\"><li>a</li></ul></section>".to_owned(),
                &["element-missing"][..],
            ),
        ] {
            assert_eq!(proof::found(&proof::xhtml(&body), check), expected, "{body}");
        }
    }
}
