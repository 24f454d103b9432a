//! Prefixes of `epub:type`, and attributes of other vocabularies (EPUB 3.3, 6.1.3 and appendix D.1).

use std::collections::HashSet;

use super::Faults;
use crate::{
    checks::RESERVED_PREFIXES,
    xml::{Tree, namespace},
};

/// Hosts whose namespaces are not for attributes of one's own.
const RESERVED_HOSTS: [&str; 2] = ["w3.org", "idpf.org"];

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    let root = tree.root();
    let declarations = root.attribute((namespace::OPS, "prefix")).unwrap_or_default();
    let declared: HashSet<&str> =
        declarations.split_ascii_whitespace().filter_map(|word| word.strip_suffix(':')).collect();
    for node in root.descendants().filter(roxmltree::Node::is_element) {
        for attribute in node.attributes() {
            match attribute.namespace() {
                Some(namespace::OPS) if attribute.name() == "type" => {
                    for property in attribute.value().split_ascii_whitespace() {
                        let Some((prefix, name)) = property.split_once(':') else { continue };
                        let is_known = declared.contains(prefix) || RESERVED_PREFIXES.contains(&prefix);
                        if !prefix.is_empty() && !name.is_empty() && !is_known {
                            let data = [("prefix", prefix), ("property", property)];
                            faults.tell("OPF-028", tree.position(node), &data);
                        }
                    }
                }
                Some(uri) if !KNOWN.contains(&uri) && is_reserved(uri) => {
                    let data = [("attribute", attribute.name()), ("namespace", uri)];
                    faults.tell("HTM-054", tree.position(node), &data);
                }
                _ => {}
            }
        }
    }
}

/// Namespaces of attributes that EPUB, XHTML, SVG and what stands in them have.
const KNOWN: [&str; 9] = [
    namespace::OPS,
    namespace::XML,
    namespace::XLINK,
    namespace::XHTML,
    namespace::SVG,
    namespace::MATHML,
    namespace::SMIL,
    "http://www.w3.org/2001/10/synthesis",
    "http://www.w3.org/2001/xml-events",
];

/// True when the host of the namespace is, or ends with, one of the reserved hosts.
fn is_reserved(uri: &str) -> bool {
    let host = uri.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
    RESERVED_HOSTS.iter().any(|reserved| host.ends_with(reserved))
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn prefixes_are_declared_and_namespaces_of_others_left_alone() {
        for (body, expected) in [
            ("<p epub:type=\"chapter\">x</p>", &[][..]),
            ("<p epub:type=\"prism:poem\">x</p>", &[][..]),
            ("<p epub:type=\"own:poem\">x</p>", &["OPF-028"][..]),
            ("<p xmlns:own=\"http://own.example/\" own:a=\"b\">x</p>", &[][..]),
            ("<p xmlns:own=\"https://www.w3.org/own\" own:a=\"b\">x</p>", &["HTM-054"][..]),
        ] {
            assert_eq!(proof::found(&proof::xhtml(body), check), expected, "{body}");
        }
    }

    #[test]
    fn a_declared_prefix_is_known() {
        let declared = proof::xhtml("<p epub:type=\"own:poem\">x</p>")
            .replace("<html ", "<html epub:prefix=\"own: http://own.example/\" ");
        assert!(proof::found(&declared, check).is_empty());
    }
}
