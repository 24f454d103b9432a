//! XML as books hold it: decoded, measured before it is parsed, with line and column of every node.

mod entities;
mod measure;
mod places;
mod text;

use roxmltree::{Document, Node, ParsingOptions};

pub(crate) use places::Places;
pub use text::{DocumentType, Text};

use crate::limits::Limits;

/// The namespaces that books use.
pub mod namespace {
    /// `META-INF/container.xml`.
    pub const CONTAINER: &str = "urn:oasis:names:tc:opendocument:xmlns:container";
    /// Attributes of `container.xml` by which a rendition is chosen.
    pub const RENDITION: &str = "http://www.idpf.org/2013/rendition";
    /// Package documents.
    pub const PACKAGE: &str = "http://www.idpf.org/2007/opf";
    /// Dublin Core elements.
    pub const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
    /// XHTML.
    pub const XHTML: &str = "http://www.w3.org/1999/xhtml";
    /// EPUB's own attributes in XHTML and SVG.
    pub const OPS: &str = "http://www.idpf.org/2007/ops";
    /// SVG.
    pub const SVG: &str = "http://www.w3.org/2000/svg";
    /// MathML.
    pub const MATHML: &str = "http://www.w3.org/1998/Math/MathML";
    /// XLink.
    pub const XLINK: &str = "http://www.w3.org/1999/xlink";
    /// `xml:lang` and its like.
    pub const XML: &str = "http://www.w3.org/XML/1998/namespace";
    /// How words are pronounced.
    pub const SPEECH: &str = "http://www.w3.org/2001/10/synthesis";
    /// Media overlays.
    pub const SMIL: &str = "http://www.w3.org/ns/SMIL";
    /// NCX.
    pub const NCX: &str = "http://www.daisy.org/z3986/2005/ncx/";
    /// XML Encryption.
    pub const ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
    /// XML Signature, which has `KeyInfo` and `RetrievalMethod`.
    pub const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
    /// Adobe ADEPT.
    pub const ADEPT: &str = "http://ns.adobe.com/adept";
}

/// A place in a document, both counted from 1, the column in characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// Why a document has no tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is not well-formed XML; the source at that place is told.
    Malformed {
        /// Where.
        at: Position,
        /// What stands there.
        found: String,
    },
    /// An encoding that cannot be read.
    Encoding(String),
    /// More bytes than the limit.
    Bytes(u64),
    /// More elements, attributes and texts than the limit.
    Nodes(u32),
    /// Elements deeper inside each other than the limit.
    Depth(u32),
    /// More attributes on one element than the limit.
    Attributes(u32),
    /// Entities that expand beyond the limit, or into themselves.
    Expansion(u64),
}

/// What is wrong with a document that still has a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// It is UTF-16, not UTF-8.
    Utf16,
    /// It says that it is of another version of XML than 1.0.
    Version(String),
    /// It declares an encoding that books must not use.
    Encoding(String),
    /// It declares an external entity, which is never read.
    ExternalEntity {
        /// Its name.
        name: String,
        /// Where.
        at: Position,
    },
}

/// A parsed document over its text.
#[derive(Debug)]
pub struct Tree<'text> {
    document: Document<'text>,
    text: &'text Text,
}

impl<'text> Tree<'text> {
    /// Parses a text within the limits.
    pub fn parse(text: &'text Text, limits: &Limits) -> Result<Self, Fault> {
        let nodes_limit = measure::measure(text.as_str(), limits)?;
        let options = ParsingOptions { allow_dtd: true, nodes_limit, ..ParsingOptions::default() };
        match Document::parse_with_options(text.as_str(), options) {
            Ok(document) => Ok(Self { document, text }),
            Err(roxmltree::Error::NodesLimitReached) => Err(Fault::Nodes(nodes_limit)),
            Err(roxmltree::Error::EntityReferenceLoop(_)) => Err(Fault::Expansion(limits.document_bytes)),
            Err(error) => {
                let at = error.pos();
                Err(Fault::Malformed {
                    at: text.original(Position { line: at.row, column: at.col }),
                    found: text.snippet(at.row, at.col),
                })
            }
        }
    }

    /// The outermost element.
    pub fn root(&self) -> Node<'_, 'text> {
        self.document.root_element()
    }

    /// Every node, processing instructions before the outermost element included.
    pub fn document(&self) -> &Document<'text> {
        &self.document
    }

    /// Where a node begins.
    pub fn position(&self, node: Node<'_, '_>) -> Position {
        self.text.position(node.range().start)
    }
}

/// All text inside a node, white space collapsed and trimmed.
pub fn text_of(node: Node<'_, '_>) -> String {
    let mut out = String::new();
    for part in node.descendants().filter(Node::is_text).filter_map(|part| part.text()) {
        out.push_str(part);
    }
    collapse(&out)
}

/// White space runs as one space, none at the ends.
pub fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(256));
    for word in text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
