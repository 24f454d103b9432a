//! `META-INF/encryption.xml`: which resources are encrypted or obfuscated, and by what.

use roxmltree::Node;

use super::url;
use crate::xml::{Position, Tree, namespace};

/// The font obfuscation of EPUB.
pub const IDPF_OBFUSCATION: &str = "http://www.idpf.org/2008/embedding";
/// The font obfuscation of Adobe's tools.
pub const ADOBE_OBFUSCATION: &str = "http://ns.adobe.com/pdf/enc#RC";

/// One resource that is not stored as it is.
#[derive(Debug, Clone)]
pub struct Encrypted {
    /// The algorithm's URI, as written.
    pub algorithm: String,
    /// The path inside the container.
    pub path: String,
    /// The URI from which the key is to be had, where one is told.
    pub key: Option<String>,
    /// Where it is told.
    pub at: Position,
}

impl Encrypted {
    /// True for the two algorithms that obfuscate fonts, which anybody may read.
    pub fn is_obfuscation(&self) -> bool {
        matches!(self.algorithm.as_str(), IDPF_OBFUSCATION | ADOBE_OBFUSCATION)
    }
}

/// Every `EncryptedData` that names a resource.
pub fn read(tree: &Tree<'_>) -> Vec<Encrypted> {
    let is = |name: &'static str| move |node: &Node<'_, '_>| node.has_tag_name((namespace::ENCRYPTION, name));
    let mut found = Vec::new();
    for data in tree.root().descendants().filter(is("EncryptedData")) {
        let algorithm = data.descendants().find(is("EncryptionMethod")).and_then(|node| node.attribute("Algorithm"));
        let key = data
            .descendants()
            .find(|node| node.has_tag_name((namespace::SIGNATURE, "RetrievalMethod")))
            .and_then(|node| node.attribute("URI"));
        for reference in data.descendants().filter(is("CipherReference")) {
            let Some(uri) = reference.attribute("URI") else { continue };
            let path = match url::resolve("", uri) {
                url::Link::Inside(inside) => inside.path,
                _ => uri.to_owned(),
            };
            found.push(Encrypted {
                algorithm: algorithm.unwrap_or_default().trim().to_owned(),
                path,
                key: key.map(str::to_owned),
                at: tree.position(reference),
            });
        }
    }
    found
}
