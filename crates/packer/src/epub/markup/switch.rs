//! `epub:switch`, which is deprecated and still has its rules (EPUB Content Documents 3.1, D.1).

use roxmltree::Node;

use super::Faults;
use crate::xml::{Tree, namespace};

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    let is_ours = |node: &Node<'_, '_>| node.tag_name().namespace() == Some(namespace::OPS);
    for switch in tree.root().descendants().filter(|node| is_ours(node) && node.tag_name().name() == "switch") {
        let at = tree.position(switch);
        faults.warn(at, "deprecated-element", &[("element", "epub:switch")]);
        let parts: Vec<_> = switch.children().filter(Node::is_element).collect();
        let is_default = |node: &Node<'_, '_>| is_ours(node) && node.tag_name().name() == "default";
        let is_case = |node: &Node<'_, '_>| is_ours(node) && node.tag_name().name() == "case";
        for (part, count) in [
            ("epub:case", parts.iter().filter(|part| is_case(part)).count()),
            ("epub:default", parts.iter().filter(|part| is_default(part)).count()),
        ] {
            if count == 0 {
                faults.error(at, "element-missing", &[("element", part), ("parent", "epub:switch")]);
            }
        }
        let mut has_default = false;
        for part in parts {
            let place = tree.position(part);
            let fits = (is_case(&part) || is_default(&part)) && !has_default;
            if !fits {
                let data = [("element", part.tag_name().name()), ("parent", "epub:switch")];
                faults.error(place, "element-misplaced", &data);
            }
            has_default |= is_default(&part);
            if is_case(&part) && !part.has_attribute("required-namespace") {
                let data = [("element", "epub:case"), ("attribute", "required-namespace")];
                faults.error(place, "attribute-missing", &data);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn a_switch_has_cases_and_then_a_default() {
        for (body, expected) in [
            ("<epub:case required-namespace=\"x\"/><epub:default/>", &["deprecated-element"][..]),
            ("<epub:default/>", &["deprecated-element", "element-missing"][..]),
            ("<epub:case required-namespace=\"x\"/>", &["deprecated-element", "element-missing"][..]),
            ("<epub:case/><epub:default/>", &["deprecated-element", "attribute-missing"][..]),
            ("<epub:default/><epub:case required-namespace=\"x\"/>", &["deprecated-element", "element-misplaced"][..]),
            (
                "<p>x</p><epub:case required-namespace=\"x\"/><epub:default/>",
                &["deprecated-element", "element-misplaced"][..],
            ),
        ] {
            assert_eq!(
                proof::found(&proof::xhtml(&format!("<epub:switch>{body}</epub:switch>")), check),
                expected,
                "{body}"
            );
        }
    }
}
