//! The package document: metadata, manifest, spine, guide and collections, as they are written.

use std::collections::HashMap;

use roxmltree::Node;

use super::{
    collection::{self, Collection},
    url,
};
use crate::{
    limits::Limits,
    xml::{Position, Tree, collapse, namespace, text_of},
};

/// The media type of search key maps.
pub const KEY_MAP: &str = "application/vnd.epub.search-key-map+xml";

/// A package document.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// The path inside the container.
    pub path: String,
    /// `version`, as written.
    pub version: Option<String>,
    /// True for a package document of OEBPS 1.x, which EPUB 2 still allows.
    pub is_oeb: bool,
    /// `unique-identifier`.
    pub unique_identifier: Option<String>,
    /// `prefix`, with its place.
    pub prefix: Option<String>,
    /// Where the outermost element is.
    pub at: Position,
    /// Where the metadata are; nothing when there are none.
    pub metadata_at: Option<Position>,
    /// Every element of the metadata, in order.
    pub metadata: Vec<Meta>,
    /// The manifest.
    pub items: Vec<Item>,
    /// Where the spine is; nothing when there is none.
    pub spine_at: Option<Position>,
    /// `toc` of the spine.
    pub spine_toc: Option<String>,
    /// `page-progression-direction` of the spine.
    pub page_progression: Option<String>,
    /// The spine.
    pub spine: Vec<ItemReference>,
    /// The guide.
    pub guide: Vec<GuideReference>,
    /// Top-level and nested collections, with their links.
    pub collections: Vec<Collection>,
    /// `handler` and `media-type` of the deprecated bindings.
    pub bindings: Vec<(String, String)>,
    /// What there is so much of that not all was kept, with the limit that it passed.
    pub passed: Vec<(&'static str, usize)>,
    /// The first item of each id.
    items_by_id: HashMap<String, usize>,
    /// The first metadata element of each id: a second one is a fault (RSC-005) and has no refinements.
    metadata_by_id: HashMap<String, Position>,
    /// The metadata that refine each id.
    refining: HashMap<String, Vec<usize>>,
}

/// Which vocabulary a metadata element is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vocabulary {
    /// Dublin Core.
    DublinCore,
    /// The package's own: `meta` and `link`.
    Package,
    /// Anything else.
    Other,
}

/// One element of the metadata.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each is the attribute of the same name, absent when it is not written")]
pub struct Meta {
    /// The vocabulary of the element.
    pub vocabulary: Vocabulary,
    /// Its local name.
    pub element: String,
    /// Its text, white space collapsed.
    pub text: String,
    /// Where it is.
    pub at: Position,
    pub id: Option<String>,
    pub refines: Option<String>,
    pub property: Option<String>,
    pub scheme: Option<String>,
    pub name: Option<String>,
    pub content: Option<String>,
    pub language: Option<String>,
    pub rel: Option<String>,
    pub href: Option<String>,
    pub hreflang: Option<String>,
    pub media_type: Option<String>,
    pub properties: Option<String>,
    /// `opf:role` of EPUB 2.
    pub role: Option<String>,
    /// `opf:file-as` of EPUB 2.
    pub file_as: Option<String>,
    /// `opf:event` of EPUB 2.
    pub event: Option<String>,
}

impl Meta {
    /// True for the Dublin Core element of this name.
    pub fn is_dc(&self, name: &str) -> bool {
        self.vocabulary == Vocabulary::DublinCore && self.element == name
    }

    /// The id that it refines, without `#`.
    pub fn refined_id(&self) -> Option<&str> {
        self.refines.as_deref().and_then(|refines| refines.trim().strip_prefix('#'))
    }
}

/// One item of the manifest.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each is the attribute of the same name, absent when it is not written")]
pub struct Item {
    pub id: Option<String>,
    /// As written.
    pub href: Option<String>,
    /// Where it is in the container; nothing for remote items and for what is no path.
    pub path: Option<String>,
    pub media_type: Option<String>,
    pub fallback: Option<String>,
    pub fallback_style: Option<String>,
    pub media_overlay: Option<String>,
    /// Each of `properties`.
    pub properties: Vec<String>,
    /// Where it is.
    pub at: Position,
}

impl Item {
    /// True when `properties` has this one.
    pub fn has_property(&self, property: &str) -> bool {
        self.properties.iter().any(|own| own == property)
    }

    /// The media type without parameters, in lower case.
    pub fn kind(&self) -> String {
        let media_type = self.media_type.as_deref().unwrap_or_default();
        media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

/// One `itemref` of the spine.
#[derive(Debug, Clone)]
pub struct ItemReference {
    /// `idref`.
    pub id: Option<String>,
    /// False for `linear="no"`.
    pub is_linear: bool,
    /// Each of `properties`.
    pub properties: Vec<String>,
    /// Where it is.
    pub at: Position,
}

/// One `reference` of the guide.
#[derive(Debug, Clone)]
pub struct GuideReference {
    /// `type`.
    pub kind: String,
    /// `href`, as written.
    pub href: Option<String>,
    /// Where it is.
    pub at: Position,
}

impl Package {
    /// Takes the elements from a parsed package document. What is missing or wrong is left as it is.
    pub fn read(path: &str, tree: &Tree<'_>, limits: &Limits) -> Self {
        let root = tree.root();
        let mut package = Self {
            path: path.to_owned(),
            version: attribute(root, "version"),
            unique_identifier: attribute(root, "unique-identifier"),
            prefix: root.attribute("prefix").map(str::to_owned),
            is_oeb: root.tag_name().namespace().is_some_and(|uri| uri.starts_with("http://openebook.org/")),
            at: tree.position(root),
            ..Self::default()
        };
        for section in root.children().filter(Node::is_element) {
            match section.tag_name().name() {
                "metadata" => {
                    package.metadata_at.get_or_insert(tree.position(section));
                    package.read_metadata(section, tree, limits);
                }
                "manifest" => package.read_items(section, tree, limits),
                "spine" => {
                    package.spine_at.get_or_insert(tree.position(section));
                    package.spine_toc = attribute(section, "toc");
                    package.page_progression = attribute(section, "page-progression-direction");
                    package.spine.extend(elements(section, "itemref").map(|node| item_reference(node, tree)));
                }
                "guide" => package.guide.extend(elements(section, "reference").map(|node| GuideReference {
                    kind: attribute(node, "type").unwrap_or_default(),
                    href: attribute(node, "href"),
                    at: tree.position(node),
                })),
                "bindings" => package.bindings.extend(elements(section, "mediaType").map(|node| {
                    let value = |name| attribute(node, name).unwrap_or_default();
                    (value("handler"), value("media-type"))
                })),
                "collection" => collection::read(section, tree, &package.path, &mut package.collections),
                _ => {}
            }
        }
        package.index();
        package
    }

    fn index(&mut self) {
        for (index, item) in self.items.iter().enumerate() {
            if let Some(id) = &item.id {
                self.items_by_id.entry(id.clone()).or_insert(index);
            }
        }
        for (index, meta) in self.metadata.iter().enumerate() {
            if let Some(id) = &meta.id {
                self.metadata_by_id.entry(id.clone()).or_insert(meta.at);
            }
            if let Some(id) = meta.refined_id() {
                self.refining.entry(id.to_owned()).or_default().push(index);
            }
        }
    }

    /// True for a version below 3 that is written as such; what is unknown is read as EPUB 3.
    pub fn is_epub2(&self) -> bool {
        self.is_oeb
            || self
                .version
                .as_deref()
                .is_some_and(|version| version.trim().starts_with('2') || version.trim().starts_with('1'))
    }

    /// True when one of its `dc:type` has this value.
    pub fn has_type(&self, value: &str) -> bool {
        self.dc("type").any(|meta| meta.text == value)
    }

    /// True when its pages are laid out by its author unless the spine says otherwise.
    pub fn is_fixed_layout(&self) -> bool {
        !self.is_epub2() && self.primary("rendition:layout").any(|meta| meta.text == "pre-paginated")
    }

    /// The item with this id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items_by_id.get(id).map(|index| &self.items[*index])
    }

    /// The Dublin Core elements of this name.
    pub fn dc<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Meta> {
        self.metadata.iter().filter(move |meta| meta.is_dc(name))
    }

    /// The EPUB 3 `meta` elements of this property that refine nothing.
    pub fn primary<'a>(&'a self, property: &'a str) -> impl Iterator<Item = &'a Meta> {
        self.metadata.iter().filter(move |meta| meta.refines.is_none() && meta.property.as_deref() == Some(property))
    }

    /// The EPUB 3 `meta` elements of this property that refine the element.
    pub fn refinements<'a>(&'a self, of: &'a Meta, property: &'a str) -> impl Iterator<Item = &'a Meta> {
        let own = of.id.as_ref().filter(|id| self.metadata_by_id.get(*id) == Some(&of.at));
        let refining = own.and_then(|id| self.refining.get(id)).map(Vec::as_slice).unwrap_or_default();
        let metas = refining.iter().map(|index| &self.metadata[*index]);
        metas.filter(move |meta| meta.property.as_deref() == Some(property))
    }

    /// The EPUB 2 `meta` of this name.
    pub fn named(&self, name: &str) -> Option<&str> {
        let found = self.metadata.iter().find(|meta| meta.name.as_deref() == Some(name))?;
        found.content.as_deref().map(str::trim).filter(|content| !content.is_empty())
    }

    fn read_items(&mut self, section: Node<'_, '_>, tree: &Tree<'_>, limits: &Limits) {
        let mut items = elements(section, "item");
        let left = limits.entries.saturating_sub(self.items.len() as u64);
        self.items.extend(
            items.by_ref().take(usize::try_from(left).unwrap_or(usize::MAX)).map(|node| item(node, tree, &self.path)),
        );
        if items.next().is_some() {
            self.passed.push(("items", usize::try_from(limits.entries).unwrap_or(usize::MAX)));
        }
    }

    fn read_metadata(&mut self, section: Node<'_, '_>, tree: &Tree<'_>, limits: &Limits) {
        for node in section.children().filter(Node::is_element) {
            if self.metadata.len() >= limits.metadata {
                self.passed.push(("metadata", limits.metadata));
                return;
            }
            // OEBPS 1.2 metadata, still allowed in EPUB 2, stand one element deeper.
            if matches!(node.tag_name().name(), "dc-metadata" | "x-metadata") {
                let inner = node.children().filter(Node::is_element);
                self.metadata.extend(inner.take(limits.metadata).map(|inner| meta(inner, tree)));
            } else {
                self.metadata.push(meta(node, tree));
            }
        }
    }
}

fn meta(node: Node<'_, '_>, tree: &Tree<'_>) -> Meta {
    let root = tree.root().tag_name().namespace();
    let is_oeb = root.is_some_and(|uri| uri.starts_with("http://openebook.org/"));
    let in_package = |name: &str| node.attribute((namespace::PACKAGE, name)).map(|value| value.trim().to_owned());
    Meta {
        vocabulary: match node.tag_name().namespace() {
            // Dublin Core 1.0 in OEBPS 1.2 documents has an older URI that ends the same.
            Some(uri) if uri == namespace::DUBLIN_CORE || uri.starts_with("http://purl.org/dc/elements/1") => {
                Vocabulary::DublinCore
            }
            Some(namespace::PACKAGE) | None => Vocabulary::Package,
            Some(_) => Vocabulary::Other,
        },
        // OEBPS 1.x writes `dc:Title`.
        element: if is_oeb { node.tag_name().name().to_lowercase() } else { node.tag_name().name().to_owned() },
        text: text_of(node),
        at: tree.position(node),
        id: attribute(node, "id"),
        refines: attribute(node, "refines"),
        property: attribute(node, "property"),
        scheme: in_package("scheme").or_else(|| attribute(node, "scheme")),
        name: attribute(node, "name"),
        content: attribute(node, "content"),
        language: node.attribute((namespace::XML, "lang")).map(str::to_owned),
        rel: attribute(node, "rel"),
        href: attribute(node, "href"),
        hreflang: node.attribute("hreflang").map(str::to_owned),
        media_type: attribute(node, "media-type"),
        properties: attribute(node, "properties"),
        role: in_package("role").or_else(|| attribute(node, "role")),
        file_as: in_package("file-as").or_else(|| attribute(node, "file-as")),
        event: in_package("event").or_else(|| attribute(node, "event")),
    }
}

fn item(node: Node<'_, '_>, tree: &Tree<'_>, package: &str) -> Item {
    let href = node.attribute("href");
    let path = href.and_then(|href| inside(package, href));
    Item {
        id: attribute(node, "id"),
        href: href.map(str::to_owned),
        path,
        media_type: attribute(node, "media-type"),
        fallback: attribute(node, "fallback"),
        fallback_style: attribute(node, "fallback-style"),
        media_overlay: attribute(node, "media-overlay"),
        properties: words(node.attribute("properties")),
        at: tree.position(node),
    }
}

/// The path in the container to which a reference of the package leads.
pub(super) fn inside(package: &str, href: &str) -> Option<String> {
    match url::resolve(package, href) {
        url::Link::Inside(inside) if !inside.path.is_empty() => Some(inside.path),
        _ => None,
    }
}

fn item_reference(node: Node<'_, '_>, tree: &Tree<'_>) -> ItemReference {
    ItemReference {
        id: attribute(node, "idref"),
        is_linear: node.attribute("linear").map(str::trim) != Some("no"),
        properties: words(node.attribute("properties")),
        at: tree.position(node),
    }
}

pub(super) fn elements<'a, 'input>(section: Node<'a, 'input>, name: &'a str) -> impl Iterator<Item = Node<'a, 'input>> {
    section.children().filter(move |node| node.is_element() && node.tag_name().name() == name)
}

pub(super) fn attribute(node: Node<'_, '_>, name: &str) -> Option<String> {
    node.attribute(name).map(collapse)
}

pub(super) fn words(value: Option<&str>) -> Vec<String> {
    value.unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect()
}
