//! Media overlay documents (EPUB 3.3, 9.2).

use roxmltree::Node;

use super::Faults;
use crate::xml::{Tree, namespace};

/// What each element holds; those that are not named hold nothing of SMIL.
const CONTENT: [(&str, &[&str]); 5] = [
    ("smil", &["head", "body"]),
    ("head", &["metadata"]),
    ("body", &["seq", "par"]),
    ("seq", &["seq", "par"]),
    ("par", &["text", "audio"]),
];

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    for node in tree.root().descendants().filter(|node| is_smil(*node)) {
        let at = tree.position(node);
        let name = node.tag_name().name();
        if let Some(parent) = node.parent_element().filter(|parent| is_smil(*parent)) {
            let parent = parent.tag_name().name();
            let holds = CONTENT.iter().find(|(known, _)| *known == parent).map_or(&[][..], |(_, holds)| *holds);
            let is_in_metadata = parent == "metadata";
            let comes_once = matches!(name, "text" | "audio" | "head" | "body" | "metadata");
            let is_second =
                || node.prev_siblings().skip(1).any(|before| is_smil(before) && before.tag_name().name() == name);
            if !is_in_metadata && (!holds.contains(&name) || comes_once && is_second()) {
                faults.error(at, "element-misplaced", &[("element", name), ("parent", parent)]);
            }
        }
        let required: &[&str] = match name {
            "text" | "audio" => &["src"],
            _ => &[],
        };
        for attribute in required.iter().filter(|attribute| !node.has_attribute(**attribute)) {
            faults.error(at, "attribute-missing", &[("element", name), ("attribute", attribute)]);
        }
        if name == "seq" && !node.has_attribute((namespace::OPS, "textref")) {
            faults.error(at, "attribute-missing", &[("element", "seq"), ("attribute", "epub:textref")]);
        }
        if name == "par" && !node.children().any(|child| is_smil(child) && child.tag_name().name() == "text") {
            faults.error(at, "element-missing", &[("element", "text"), ("parent", "par")]);
        }
        let clip = |attribute| node.attribute(attribute).and_then(crate::epub::clock::seconds);
        if let (Some(begin), Some(end)) = (clip("clipBegin").or(Some(0.0)), clip("clipEnd")) {
            let data = [
                ("begin", node.attribute("clipBegin").unwrap_or("0")),
                ("end", node.attribute("clipEnd").unwrap_or_default()),
            ];
            if begin > end {
                faults.tell("MED-008", at, &data);
            } else if end - begin <= 0.0 {
                faults.tell("MED-009", at, &data);
            }
        }
        for attribute in ["clipBegin", "clipEnd"] {
            if let Some(value) = node.attribute(attribute).filter(|value| crate::epub::clock::seconds(value).is_none())
            {
                faults.error(at, "attribute-value", &[("element", name), ("attribute", attribute), ("value", value)]);
            }
        }
    }
}

fn is_smil(node: Node<'_, '_>) -> bool {
    node.is_element() && node.tag_name().namespace() == Some(namespace::SMIL)
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn what_is_read_aloud_is_told_in_order() {
        for (body, expected) in [
            ("<par><text src=\"a#b\"/><audio src=\"a.mp3\" clipBegin=\"0s\" clipEnd=\"1s\"/></par>", &[][..]),
            ("<seq epub:textref=\"a#c\"><par><text src=\"a#b\"/></par></seq>", &[][..]),
            ("<seq><par><text src=\"a#b\"/></par></seq>", &["attribute-missing"][..]),
            ("<par><audio src=\"a.mp3\"/></par>", &["element-missing"][..]),
            ("<par><text/></par>", &["attribute-missing"][..]),
            ("<par><text src=\"a#b\"/><text src=\"a#c\"/></par>", &["element-misplaced"][..]),
            ("<text src=\"a#b\"/>", &["element-misplaced"][..]),
            ("<par><text src=\"a#b\"/><audio src=\"a.mp3\" clipBegin=\"2s\" clipEnd=\"1s\"/></par>", &["MED-008"][..]),
            ("<par><text src=\"a#b\"/><audio src=\"a.mp3\" clipBegin=\"1s\" clipEnd=\"1s\"/></par>", &["MED-009"][..]),
            ("<par><text src=\"a#b\"/><audio src=\"a.mp3\" clipBegin=\"soon\"/></par>", &["attribute-value"][..]),
        ] {
            assert_eq!(
                proof::found(
                    &format!(
                        "<smil xmlns=\"{}\" xmlns:epub=\"{}\"><body>{body}</body></smil>",
                        namespace::SMIL,
                        namespace::OPS
                    ),
                    check
                ),
                expected,
                "{body}"
            );
        }
    }
}
