//! A publication as the rules see it: everything that was read, and nothing that was concluded.

use std::collections::{HashMap, HashSet};

use super::{
    container_file::Rootfile,
    content::{Content, Reference},
    cover::CoverFault,
    encryption::Encrypted,
    navigation::Navigation,
    package::{Item, ItemReference, Package},
    profile::EpubProfile,
    protection::Markers,
    renditions::Renditions,
    single::Version,
    url,
};
use crate::{
    checks::OpenContainer,
    container::{Container, Entry, ReadError},
    finding::Place,
    image::ImageHead,
    inspect::Protection,
    limits::Limits,
    metadata::BookMetadata,
    xml::{Fault, Oddity, Position, Tree},
};

/// How much there is of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it, in its container.
    Whole,
    /// One document, without a container or anything that it refers to.
    Document,
}

/// Everything that was read from one EPUB.
#[expect(missing_debug_implementations, reason = "the container behind it has none")]
pub struct Publication<'a> {
    /// The book's own file name.
    pub file_name: &'a str,
    /// Where its files are.
    pub container: &'a dyn Container,
    /// How much of it there is.
    pub extent: Extent,
    /// The limits it was read within.
    pub limits: &'a Limits,
    /// The entry of each path in canonical form; the first where there are several.
    pub paths: HashMap<String, usize>,
    /// The content of `mimetype`, or as much of it as tells; nothing when there is no such entry.
    pub mimetype: Option<Vec<u8>>,
    /// True when `META-INF/container.xml` is there.
    pub has_container_file: bool,
    /// What it names; empty when it is missing or has no tree.
    pub rootfiles: Vec<Rootfile>,
    /// True when it has a tree.
    pub has_container_tree: bool,
    /// The package document of the default rendition; nothing when it is missing or has no tree.
    pub package: Option<&'a Package>,
    /// Its tree, for the rules that look at markup.
    pub package_tree: Option<&'a Tree<'a>>,
    /// By whose rules it is judged: the package document says so, or whoever checks a document alone.
    pub version: Version,
    /// By which profile of EPUB it is judged.
    pub profile: EpubProfile,
    /// That one, where the publication says it itself and nobody asked for another.
    pub declared_profile: Option<EpubProfile>,
    /// What its container says of several renditions.
    pub renditions: Renditions,
    /// The metadata, for the rules that look at their values.
    pub book: &'a BookMetadata,
    /// The media type that the manifest declares for each path, as [`Item::kind`] gives it.
    pub declared_types: HashMap<String, String>,
    /// Documents without a tree, and why.
    pub faults: Vec<(String, Fault)>,
    /// What is odd about documents with one.
    pub oddities: Vec<(String, Oddity)>,
    /// Files that could not be read, and why.
    pub unread: Vec<(String, ReadError)>,
    /// What `META-INF/encryption.xml` names.
    pub encrypted: Vec<Encrypted>,
    /// The marks that schemes of protection leave.
    pub markers: Markers,
    /// What was concluded of them, for the rules that tell it.
    pub protection: Protection,
    /// The paths that are encrypted by anything but font obfuscation.
    pub secret: HashSet<String>,
    /// The content at each path.
    pub content_index: HashMap<String, usize>,
    /// The content documents (XHTML, SVG) and style sheets, in the order of the manifest.
    pub contents: Vec<Content>,
    /// The first bytes of each image, by path.
    pub images: HashMap<String, ImageHead>,
    /// The navigation document of EPUB 3.
    pub navigation: Option<Navigation>,
    /// The NCX.
    pub ncx: Option<Navigation>,
    /// True when so many links were found that not all are kept.
    pub has_dropped_links: bool,
    /// Why the cover that the book names cannot be used.
    pub cover_fault: Option<CoverFault>,
}

impl<'a> Publication<'a> {
    /// Its container, for the rules about those.
    pub fn opened(&self) -> OpenContainer<'_> {
        OpenContainer { container: self.container, limits: self.limits, unread: &self.unread }
    }

    /// The entry at a path.
    pub fn entry(&self, path: &str) -> Option<&'a Entry> {
        self.paths.get(path).map(|index| &self.container.entries()[*index])
    }

    /// True when the container has a file at a path.
    pub fn has_file(&self, path: &str) -> bool {
        self.entry(path).is_some_and(|entry| !entry.is_directory)
    }

    /// Every entry that is a file.
    pub fn files(&self) -> impl Iterator<Item = &'a Entry> {
        self.container.entries().iter().filter(|entry| !entry.is_directory)
    }

    /// True when its content is encrypted by anything but font obfuscation.
    pub fn is_encrypted(&self, path: &str) -> bool {
        self.secret.contains(path)
    }

    /// What was kept of the content document at a path.
    pub fn content(&self, path: &str) -> Option<&Content> {
        self.content_index.get(path).map(|index| &self.contents[*index])
    }

    /// True when the rules of EPUB 2 hold.
    pub fn is_epub2(&self) -> bool {
        self.version == Version::Two
    }

    /// A place in the package document.
    pub fn in_package(&self, at: Position) -> Place {
        let path = self.package.map(|package| package.path.as_str()).unwrap_or_default();
        Place::at(path, at.line, at.column)
    }

    /// The first item of each path.
    pub fn items_by_path(&self) -> HashMap<&'a str, &'a Item> {
        let mut items = HashMap::new();
        for (item, path) in self.items() {
            items.entry(path).or_insert(item);
        }
        items
    }

    /// The items that are elsewhere, by their URLs.
    pub fn remote_items(&self) -> HashMap<String, &'a Item> {
        let package = self.package;
        let items = package.into_iter().flat_map(|package| &package.items);
        let remote = items.filter_map(|item| match url::resolve("", item.href.as_deref()?) {
            url::Link::Remote(target) => Some((target, item)),
            _ => None,
        });
        remote.collect()
    }

    /// Every reference of every content document and style sheet, with where it leads.
    pub fn links(&self) -> impl Iterator<Item = (&Content, &Reference, url::Link)> {
        let references =
            self.contents.iter().flat_map(|content| content.references.iter().map(move |one| (content, one)));
        references.map(|(content, reference)| (content, reference, content.resolve(&reference.href)))
    }

    /// The items that the spine names, with their paths, in its order.
    pub fn spine(&self) -> impl Iterator<Item = (&'a ItemReference, &'a Item)> {
        let package = self.package;
        package.into_iter().flat_map(|package| {
            package.spine.iter().filter_map(|reference| Some((reference, package.item(reference.id.as_deref()?)?)))
        })
    }

    /// The documents of the spine that are laid out by their author, page by page, with their items (EPUB 3.3,
    /// 8.2.2.1).
    pub fn fixed_layout(&self) -> impl Iterator<Item = (&'a Item, &Content)> {
        let is_fixed = self.package.is_some_and(Package::is_fixed_layout);
        self.spine().filter_map(move |(reference, item)| {
            let has = |property: &str| reference.properties.iter().any(|own| own == property);
            let is_fixed = has("rendition:layout-pre-paginated") || is_fixed && !has("rendition:layout-reflowable");
            is_fixed.then_some((item, self.content(item.path.as_deref()?)?))
        })
    }

    /// The items of the manifest with their paths.
    pub fn items(&self) -> impl Iterator<Item = (&'a Item, &'a str)> {
        let package = self.package;
        let items = package.into_iter().flat_map(|package| &package.items);
        items.filter_map(|item| Some((item, item.path.as_deref()?)))
    }
}
