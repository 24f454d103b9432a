//! `META-INF/container.xml`: where the package documents are.

use roxmltree::Node;

use crate::xml::{Position, Tree, namespace};

/// The media type of package documents.
pub const PACKAGE_TYPE: &str = "application/oebps-package+xml";

/// One `rootfile`.
#[derive(Debug, Clone)]
pub struct Rootfile {
    /// `full-path`, as written; nothing when the attribute is missing.
    pub full_path: Option<String>,
    /// `media-type`.
    pub media_type: Option<String>,
    /// The attributes by which a reader chooses this rendition, each with its value.
    pub selection: Vec<(String, String)>,
    /// Where it is.
    pub at: Position,
}

impl Rootfile {
    /// The path of a package document, when this names one.
    pub fn package_path(&self) -> Option<&str> {
        let is_package = self.media_type.as_deref() == Some(PACKAGE_TYPE);
        self.full_path.as_deref().map(str::trim).filter(|path| is_package && !path.is_empty())
    }
}

/// Every `rootfile`, in order; the first package document is the default rendition.
pub fn rootfiles(tree: &Tree<'_>) -> Vec<Rootfile> {
    let nodes = tree.root().descendants().filter(|node: &Node<'_, '_>| node.tag_name().name() == "rootfile");
    nodes
        .map(|node| Rootfile {
            full_path: node.attribute("full-path").map(str::to_owned),
            media_type: node.attribute("media-type").map(|value| value.trim().to_owned()),
            selection: node
                .attributes()
                .filter(|attribute| attribute.namespace() == Some(namespace::RENDITION))
                .map(|attribute| (attribute.name().to_owned(), attribute.value().to_owned()))
                .collect(),
            at: tree.position(node),
        })
        .collect()
}
