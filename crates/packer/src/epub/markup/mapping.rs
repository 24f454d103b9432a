//! The content model of rendition mapping documents (EPUB Multiple-Rendition Publications 1.1, 5.2).

use super::{Faults, has_type, html::is_xhtml};
use crate::xml::Tree;

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    let elements = || tree.root().descendants().filter(|node| is_xhtml(*node));
    let is_version = |name: &str| name.trim() == "epub.multiple.renditions.version";
    let has_version = elements().any(|node| {
        node.tag_name().name() == "meta"
            && node.attribute("name").is_some_and(is_version)
            && node.attribute("content").is_some_and(|version| version.trim() == "1.0")
    });
    if !has_version {
        faults.error(tree.position(tree.root()), "mapping-version", &[]);
    }
    if !elements().any(|node| node.tag_name().name() == "nav" && has_type(node, "resource-map")) {
        faults.error(tree.position(tree.root()), "mapping-missing", &[]);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn a_mapping_says_its_version_and_has_a_map() {
        let map = proof::xhtml("<nav epub:type=\"resource-map\"/>");
        let version = "<meta name=\"epub.multiple.renditions.version\" content=\"1.0\"/></head>";
        assert_eq!(proof::found(&map.replace("</head>", version), check), [""; 0]);
        assert_eq!(proof::found(&map, check), ["mapping-version"]);
        assert_eq!(proof::found(&proof::xhtml("").replace("</head>", version), check), ["mapping-missing"]);
    }
}
