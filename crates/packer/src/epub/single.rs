//! One document, checked alone: without a container, a manifest, or anything that it refers to.

use super::{
    metadata,
    package::Package,
    profile::EpubProfile,
    publication::Extent,
    reader::{Reader, Resources},
};
use crate::{
    checks,
    container::{Container, Entry, ReadError},
    format::Format,
    inspect::{InspectError, Inspection, Protection},
    limits::Limits,
    watch::Watch,
};

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// A package document.
    Package,
    /// An XHTML content document.
    Xhtml,
    /// A navigation document.
    Navigation,
    /// An SVG content document.
    Svg,
    /// A media overlay document.
    Overlay,
}

impl DocumentKind {
    /// What the name of a file says; nothing where it could be several, or no document of an EPUB.
    pub fn of_name(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "opf" => Some(Self::Package),
            "xhtml" | "html" | "htm" => Some(Self::Xhtml),
            "svg" => Some(Self::Svg),
            "smil" => Some(Self::Overlay),
            _ => None,
        }
    }
}

/// By which version of EPUB a document is judged that does not say it itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Version {
    /// EPUB 2.0.1.
    Two,
    /// EPUB 3, in its newest version.
    #[default]
    Three,
}

/// By which rules a document is judged that is checked alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Demands {
    /// The version of EPUB, where the document does not say it itself.
    pub version: Version,
    /// The profile of EPUB.
    pub profile: EpubProfile,
}

impl Version {
    /// What a package document says.
    pub(super) fn of(package: &Package) -> Self {
        if package.is_epub2() { Self::Two } else { Self::Three }
    }
}

/// Checks one document alone.
pub(crate) fn inspect(
    document: &Document,
    kind: DocumentKind,
    demands: Demands,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<Inspection, InspectError> {
    let path = document.entries[0].path.as_str();
    let mut reader = Reader::new(document, limits, watch);
    reader.demands = demands;
    let mut read = Resources::default();
    let (text, tree);
    let mut package = None;
    let mut package_tree = None;
    if kind == DocumentKind::Package {
        text = reader.text(path)?;
        tree = reader.tree(path, text.as_ref());
        package = tree.as_ref().map(|tree| Package::read(path, tree, limits));
        package_tree = tree.as_ref();
    } else {
        reader.content(path, kind == DocumentKind::Navigation, demands.profile, &mut read)?;
    }
    let book = package.as_ref().map(metadata::read).unwrap_or_default();
    let mut publication = reader.publication(path, &[], package.as_ref(), package_tree, &book, read);
    publication.extent = Extent::Document;
    let findings = checks::run_alone(&publication, watch);
    drop(publication);
    if watch.is_cancelled() {
        return Err(InspectError::Cancelled);
    }
    Ok(Inspection {
        format: Format::Epub,
        metadata: book,
        cover: None,
        chapters: Vec::new(),
        protection: Protection::None,
        findings,
    })
}

/// A container of one document.
pub(crate) struct Document {
    entries: [Entry; 1],
    bytes: Vec<u8>,
}

impl Document {
    pub(crate) fn new(name: &str, bytes: Vec<u8>) -> Self {
        let entry = Entry {
            path: name.to_owned(),
            is_utf8: true,
            size: bytes.len() as u64,
            is_directory: false,
            is_link: false,
            header: None,
        };
        Self { entries: [entry], bytes }
    }
}

impl Container for Document {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, _index: usize, most: u64) -> Result<Vec<u8>, ReadError> {
        if self.bytes.len() as u64 > most { Err(ReadError::TooLarge(most)) } else { Ok(self.bytes.clone()) }
    }

    fn head(&self, _index: usize, most: usize) -> Result<Vec<u8>, ReadError> {
        Ok(self.bytes[..self.bytes.len().min(most)].to_vec())
    }
}
