//! The collections of a package document: groups of files with a role (EPUB 3.3, 5.8).

use std::collections::HashMap;

use roxmltree::Node;

use super::package::{attribute, elements, inside, words};
use crate::xml::{Position, Tree, namespace, text_of};

/// One `collection`.
#[derive(Debug, Clone)]
pub struct Collection {
    /// Each of `role`.
    pub roles: Vec<String>,
    /// The collection that it stands in, by its place in the list; nothing at the top.
    pub parent: Option<usize>,
    /// True when its metadata have a `dc:identifier`.
    pub has_identifier: bool,
    /// Each `meta` of its metadata that has a property.
    pub properties: Vec<CollectionMeta>,
    /// Its links.
    pub links: Vec<CollectionLink>,
    /// Where it is.
    pub at: Position,
}

impl Collection {
    /// True when it has this role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own == role)
    }
}

/// One `meta` of a collection.
#[derive(Debug, Clone)]
pub struct CollectionMeta {
    /// `property`.
    pub property: String,
    /// Its text, white space collapsed.
    pub text: String,
    /// Where it is.
    pub at: Position,
}

/// One link of a collection.
#[derive(Debug, Clone)]
pub struct CollectionLink {
    /// `href`, as written.
    pub href: String,
    /// Where that is in the container; nothing for what is elsewhere.
    pub path: Option<String>,
    /// Where it is.
    pub at: Position,
}

/// Adds a collection and those inside it, of the package document at `package`.
pub(super) fn read(section: Node<'_, '_>, tree: &Tree<'_>, package: &str, collections: &mut Vec<Collection>) {
    let mut places = HashMap::new();
    for node in section.descendants().filter(|node| node.has_tag_name((namespace::PACKAGE, "collection"))) {
        let metadata = || elements(node, "metadata").flat_map(|metadata| metadata.children().filter(Node::is_element));
        let parent = node.parent_element().and_then(|around| places.get(&around.id()).copied());
        places.insert(node.id(), collections.len());
        collections.push(Collection {
            roles: words(node.attribute("role")),
            parent,
            has_identifier: metadata()
                .any(|meta| meta.has_tag_name((namespace::DUBLIN_CORE, "identifier")) && !text_of(meta).is_empty()),
            properties: metadata()
                .filter_map(|meta| {
                    let property = attribute(meta, "property")?;
                    Some(CollectionMeta { property, text: text_of(meta), at: tree.position(meta) })
                })
                .collect(),
            links: elements(node, "link")
                .filter_map(|link| {
                    let href = attribute(link, "href")?;
                    let path = inside(package, &href);
                    Some(CollectionLink { href, path, at: tree.position(link) })
                })
                .collect(),
            at: tree.position(node),
        });
    }
}
