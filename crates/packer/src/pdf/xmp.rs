//! XMP: metadata as RDF in XML (ISO 16684-1), in the few forms that PDFs use.

use roxmltree::Node;

use crate::{
    limits::Limits,
    xml::{Text, Tree, collapse, namespace, text_of},
};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";
const PDF_A: &str = "http://www.aiim.org/pdfa/ns/id/";
const PDF_UA: &str = "http://www.aiim.org/pdfua/ns/id/";
/// Publishing metadata, in the versions that are in use; only its end differs.
const PRISM: &str = "http://prismstandard.org/namespaces/";

/// What the XMP of a document says. Lists keep the document's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Xmp {
    pub(super) title: Option<String>,
    pub(super) creators: Vec<String>,
    pub(super) contributors: Vec<String>,
    pub(super) publishers: Vec<String>,
    pub(super) languages: Vec<String>,
    pub(super) subjects: Vec<String>,
    pub(super) description: Option<String>,
    pub(super) rights: Vec<String>,
    pub(super) identifiers: Vec<String>,
    pub(super) sources: Vec<String>,
    pub(super) date: Option<String>,
    pub(super) created: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) isbn: Option<String>,
    /// Part and level of PDF/A, such as `2b`.
    pub(super) pdf_a: Option<String>,
    /// Part of PDF/UA, such as `1`.
    pub(super) pdf_ua: Option<String>,
}

/// Reads the packet; nothing when it is no XML.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Option<Xmp> {
    // Makers fill the packet up with spaces and zeros so that it can be edited in place.
    let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | b' ' | b'\n' | b'\r' | b'\t'))? + 1;
    let text = Text::decode(&bytes[..end], limits).ok()?;
    let tree = Tree::parse(&text, limits).ok()?;
    let mut xmp = Xmp::default();
    for description in tree.root().descendants().filter(|node| node.has_tag_name((RDF, "Description"))) {
        for attribute in description.attributes() {
            let value = collapse(attribute.value());
            xmp.put(attribute.namespace().unwrap_or_default(), attribute.name(), vec![value]);
        }
        for property in description.children().filter(Node::is_element) {
            let name = property.tag_name();
            xmp.put(name.namespace().unwrap_or_default(), name.name(), values(property));
        }
    }
    Some(xmp)
}

/// The items of a list, or the one value that stands there without a list.
fn values(property: Node<'_, '_>) -> Vec<String> {
    let items: Vec<Node<'_, '_>> = property.descendants().filter(|node| node.has_tag_name((RDF, "li"))).collect();
    if items.is_empty() {
        return vec![collapse(&text_of(property))];
    }
    // Of several languages the one that is for everybody comes first.
    let is_default = |node: &Node<'_, '_>| node.attribute((namespace::XML, "lang")) == Some("x-default");
    let (default, others): (Vec<_>, Vec<_>) = items.into_iter().partition(is_default);
    default.into_iter().chain(others).map(|item| collapse(&text_of(item))).collect()
}

impl Xmp {
    fn put(&mut self, namespace: &str, name: &str, values: Vec<String>) {
        let values: Vec<String> = values.into_iter().filter(|value| !value.is_empty()).collect();
        let Some(first) = values.first().cloned() else { return };
        match (namespace, name) {
            (namespace::DUBLIN_CORE, "title") => self.title = Some(first),
            (namespace::DUBLIN_CORE, "creator") => self.creators = values,
            (namespace::DUBLIN_CORE, "contributor") => self.contributors = values,
            (namespace::DUBLIN_CORE, "publisher") => self.publishers = values,
            (namespace::DUBLIN_CORE, "language") => self.languages = values,
            (namespace::DUBLIN_CORE, "subject") => self.subjects = values,
            (namespace::DUBLIN_CORE, "description") => self.description = Some(first),
            (namespace::DUBLIN_CORE, "rights") => self.rights = values,
            (namespace::DUBLIN_CORE, "identifier") => self.identifiers = values,
            (namespace::DUBLIN_CORE, "source") => self.sources = values,
            (namespace::DUBLIN_CORE, "date") => self.date = Some(first),
            (XMP, "CreateDate") => self.created = Some(first),
            (XMP, "ModifyDate") => self.modified = Some(first),
            (PDF_A, "part") => self.pdf_a = Some(first + &self.pdf_a.take().unwrap_or_default()),
            (PDF_A, "conformance") => {
                let part = self.pdf_a.take().unwrap_or_default();
                self.pdf_a = Some(part + &first.to_lowercase());
            }
            (PDF_UA, "part") => self.pdf_ua = Some(first),
            (prism, "isbn") if prism.starts_with(PRISM) => self.isbn = Some(first),
            _ => {}
        }
    }
}
