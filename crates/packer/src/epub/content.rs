//! What a content document (XHTML, SVG) has that rules and metadata need: references, identifiers, features, words.
//! The document itself is let go; only this stays.

use roxmltree::Node;

use super::{css, markup::MarkupFault, url, words};
use crate::xml::{DocumentType, Oddity, Position, Tree, namespace};

/// Bytes of a reference or an identifier that are kept: enough for a path, too few to fill the memory with `data:` URLs.
const REFERENCE_BYTES: usize = 1024;
/// Statements of the size of one page that are kept: one is right, and more say nothing new.
const MOST_VIEWPORTS: usize = 16;

/// How a document refers to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Use {
    /// A link to follow.
    Hyperlink,
    /// An image.
    Image,
    /// Sound, with its own or a `source` element.
    Audio,
    /// Moving pictures.
    Video,
    /// The text track of a video.
    Track,
    /// `object` and `embed`.
    Object,
    /// A frame.
    Frame,
    /// A script.
    Script,
    /// A style sheet.
    Style,
    /// A font of a style sheet.
    Font,
    /// Where a quotation is from.
    Citation,
    /// `use` of SVG, which copies a part of a drawing.
    Copy,
    /// What a media overlay reads out.
    Overlaid,
    /// Where a search key map finds a word.
    SearchKey,
}

/// One reference.
#[derive(Debug, Clone)]
pub struct Reference {
    /// How.
    pub kind: Use,
    /// As written, cut where it is very long.
    pub href: String,
    /// Where.
    pub at: Position,
    /// True when the element offers something else in its place (`object` content, `picture`, `source`).
    pub has_fallback: bool,
    /// The media type that the element says of it, without parameters, in lower case.
    pub media_type: Option<String>,
    /// Which part of a `picture` it is, where a rule asks for it.
    pub picture: Option<PicturePart>,
}

/// A part of a `picture`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PicturePart {
    /// The image that every reader shows.
    Image,
    /// One of its sources that does not say its media type.
    UntypedSource,
}

/// What is kept of one content document.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a feature of its own, with a property of its own")]
pub struct Content {
    /// The path inside the container.
    pub path: String,
    /// It is XHTML.
    pub is_xhtml: bool,
    /// It has or names a style sheet.
    pub has_styles: bool,
    /// A drawing says how large it is, by `viewBox`.
    pub has_frame: bool,
    /// `content` of each `meta` named `viewport`.
    pub viewports: Vec<(String, Position)>,
    /// What it refers to.
    pub references: Vec<Reference>,
    /// The identifiers it defines, with their order.
    pub ids: Vec<String>,
    /// The base that it sets for its own references.
    pub base: Option<String>,
    /// It has scripts, event handlers or forms.
    pub is_scripted: bool,
    /// It has SVG inside XHTML.
    pub has_svg: bool,
    /// It has MathML.
    pub has_mathml: bool,
    /// It has `epub:switch`.
    pub has_switch: bool,
    /// It has a dictionary.
    pub has_dictionary: bool,
    /// It has an index.
    pub has_index: bool,
    /// It marks where printed pages begin.
    pub has_page_breaks: bool,
    /// Words in its body.
    pub words: u64,
    /// Its document type.
    pub document_type: Option<DocumentType>,
    /// What its specification does not allow.
    pub markup: Vec<MarkupFault>,
    /// Oddities of its XML.
    pub oddities: Vec<Oddity>,
}

impl Content {
    /// Takes what is needed from a parsed document.
    pub fn read(path: &str, tree: &Tree<'_>) -> Self {
        let mut content = Self { path: path.to_owned(), ..Self::default() };
        let root = tree.root();
        content.is_xhtml = root.tag_name().namespace() == Some(namespace::XHTML);
        content.has_frame = root.has_attribute("viewBox");
        for node in tree.document().root().children() {
            content.read_instruction(node, tree);
        }
        for node in root.descendants().filter(Node::is_element) {
            content.read_element(node, root, tree);
        }
        content.words = words::count(root);
        content
    }

    fn add(&mut self, kind: Use, href: &str, at: Position, has_fallback: bool) {
        self.has_styles |= kind == Use::Style;
        self.references.push(Reference {
            kind,
            href: cut(href).to_owned(),
            at,
            has_fallback,
            media_type: None,
            picture: None,
        });
    }

    /// Bytes of the texts of its identifiers and references.
    pub fn link_bytes(&self) -> usize {
        let references = self.references.iter().map(|reference| reference.href.len());
        self.ids.iter().map(String::len).chain(references).sum()
    }

    /// `<?xml-stylesheet href="…"?>`.
    fn read_instruction(&mut self, node: Node<'_, '_>, tree: &Tree<'_>) {
        let Some(instruction) = node.pi().filter(|instruction| instruction.target == "xml-stylesheet") else { return };
        let Some((_, after)) = instruction.value.unwrap_or_default().split_once("href=") else { return };
        let Some(quote) = after.chars().next().filter(|first| matches!(first, '"' | '\'')) else { return };
        if let Some(href) = after[1..].split(quote).next() {
            self.add(Use::Style, href, tree.position(node), false);
        }
    }

    fn read_element(&mut self, node: Node<'_, '_>, root: Node<'_, '_>, tree: &Tree<'_>) {
        let at = tree.position(node);
        for attribute in node.attributes() {
            match (attribute.namespace(), attribute.name()) {
                (None | Some(namespace::XML), "id") => self.ids.push(cut(attribute.value().trim()).to_owned()),
                (None, "style") => {
                    for href in css::attribute_references(attribute.value()) {
                        self.add(Use::Image, &href, at, false);
                    }
                }
                (None, "cite") => self.add(Use::Citation, attribute.value(), at, false),
                (None, name) if is_event_handler(name) => self.is_scripted = true,
                (Some(namespace::OPS), "type") => {
                    for kind in attribute.value().split_ascii_whitespace() {
                        self.has_page_breaks |= kind == "pagebreak";
                        self.has_dictionary |= kind == "dictionary";
                        self.has_index |= kind == "index";
                    }
                }
                (None, "role") => self.has_page_breaks |= attribute.value() == "doc-pagebreak",
                (Some(namespace::XML), "base") if node == root => self.base = Some(attribute.value().to_owned()),
                _ => {}
            }
        }
        let name = node.tag_name().name();
        match node.tag_name().namespace() {
            Some(namespace::XHTML) => self.read_xhtml(name, node, at),
            Some(namespace::SVG) => {
                self.has_svg |= root.tag_name().namespace() != Some(namespace::SVG);
                self.read_svg(name, node, at);
            }
            Some(namespace::MATHML) => {
                self.has_mathml = true;
                if let Some(image) = node.attribute("altimg") {
                    self.add(Use::Image, image, at, false);
                }
            }
            Some(namespace::SMIL) => {
                let src = node.attribute("src");
                match (name, src) {
                    ("text", Some(src)) => self.add(Use::Overlaid, src, at, false),
                    ("audio", Some(src)) => self.add(Use::Audio, src, at, false),
                    _ => {}
                }
                if let Some(text) = node.attribute((namespace::OPS, "textref")) {
                    self.add(Use::Overlaid, text, at, false);
                }
            }
            Some(namespace::OPS) if name == "switch" => self.has_switch = true,
            Some(namespace::OPS) if name == "search-key-group" => {
                if let Some(href) = node.attribute("href") {
                    self.add(Use::SearchKey, href, at, false);
                }
            }
            _ => {}
        }
    }

    fn read_xhtml(&mut self, name: &str, node: Node<'_, '_>, at: Position) {
        let parent = node.parent().map(|parent| parent.tag_name().name()).unwrap_or_default();
        let href = match name {
            "a" | "area" | "link" | "base" => "href",
            "object" => "data",
            _ => "src",
        };
        let value = node.attribute(href);
        let before = self.references.len();
        match (name, value) {
            ("a" | "area", Some(value)) => self.add(Use::Hyperlink, value, at, false),
            ("base", Some(value)) => self.base = Some(value.to_owned()),
            ("link", Some(value)) => {
                let rel = node.attribute("rel").unwrap_or_default().to_ascii_lowercase();
                if rel.split_ascii_whitespace().any(|word| word == "stylesheet") {
                    self.add(Use::Style, value, at, false);
                }
            }
            ("img", _) => {
                let has_fallback = parent == "picture";
                if let Some(value) = value {
                    self.add(Use::Image, value, at, has_fallback);
                }
                self.add_set(node, at, has_fallback);
            }
            ("source", _) => {
                let kind = match parent {
                    "audio" => Use::Audio,
                    "video" => Use::Video,
                    _ => Use::Image,
                };
                if let Some(value) = value {
                    self.add(kind, value, at, true);
                }
                self.add_set(node, at, true);
            }
            ("audio", Some(value)) => self.add(Use::Audio, value, at, false),
            ("video", _) => {
                if let Some(value) = value {
                    self.add(Use::Video, value, at, false);
                }
                if let Some(poster) = node.attribute("poster") {
                    self.add(Use::Image, poster, at, false);
                }
            }
            ("track", Some(value)) => self.add(Use::Track, value, at, false),
            ("object", Some(value)) => {
                let has_content = node.descendants().skip(1).any(|child| {
                    child.is_element() && child.tag_name().name() != "param"
                        || child.is_text() && child.text().is_some_and(|text| !text.trim().is_empty())
                });
                self.add(Use::Object, value, at, has_content);
            }
            ("embed", Some(value)) => self.add(Use::Object, value, at, false),
            ("iframe", Some(value)) => self.add(Use::Frame, value, at, false),
            ("input", Some(value)) if node.attribute("type") == Some("image") => self.add(Use::Image, value, at, false),
            ("script", value) => {
                self.is_scripted |= is_script(node.attribute("type"));
                if let Some(value) = value {
                    self.add(Use::Script, value, at, false);
                }
            }
            ("form", _) => self.is_scripted = true,
            ("style", _) => self.read_style(node, at),
            ("meta", _)
                if self.viewports.len() < MOST_VIEWPORTS
                    && node.attribute("name").is_some_and(|name| name.trim() == "viewport") =>
            {
                self.viewports.push((cut(node.attribute("content").unwrap_or_default()).to_owned(), at));
            }
            _ => {}
        }
        let part = match name {
            "img" => Some(PicturePart::Image),
            "source" if !node.has_attribute("type") => Some(PicturePart::UntypedSource),
            _ => None,
        };
        let media_type = node.attribute("type").filter(|_| matches!(name, "embed" | "object" | "source"));
        let media_type = media_type.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
        for reference in &mut self.references[before..] {
            reference.media_type.clone_from(&media_type);
            reference.picture = part.filter(|_| parent == "picture");
        }
    }

    fn read_svg(&mut self, name: &str, node: Node<'_, '_>, at: Position) {
        let value = node.attribute((namespace::XLINK, "href")).or_else(|| node.attribute("href"));
        match (name, value) {
            ("a", Some(value)) => self.add(Use::Hyperlink, value, at, false),
            ("image", Some(value)) => self.add(Use::Image, value, at, false),
            ("use", Some(value)) => self.add(Use::Copy, value, at, false),
            ("font-face-uri", Some(value)) => self.add(Use::Font, value, at, false),
            ("script", value) => {
                self.is_scripted |= is_script(node.attribute("type"));
                if let Some(value) = value {
                    self.add(Use::Script, value, at, false);
                }
            }
            ("style", _) => self.read_style(node, at),
            _ => {}
        }
    }

    /// The candidates of a `srcset`: URLs, each with an optional width or density, parted by commas.
    fn add_set(&mut self, node: Node<'_, '_>, at: Position, has_fallback: bool) {
        let Some(set) = node.attribute("srcset") else { return };
        for candidate in set.split(", ").flat_map(|part| part.split(",\n")) {
            if let Some(href) = candidate.trim().trim_end_matches(',').split_ascii_whitespace().next() {
                self.add(Use::Image, href, at, has_fallback);
            }
        }
    }

    fn read_style(&mut self, node: Node<'_, '_>, at: Position) {
        self.has_styles = true;
        let css: String = node.children().filter_map(|child| child.text()).collect();
        self.read_css(&css, at);
    }

    /// The references of a style sheet, all at one place.
    pub fn read_css(&mut self, css: &str, at: Position) {
        for (kind, href, _) in css::references(css) {
            let kind = match kind {
                css::CssUse::Import => Use::Style,
                css::CssUse::Font => Use::Font,
                css::CssUse::Image => Use::Image,
            };
            self.add(kind, &href, at, false);
        }
    }

    /// True when it loads what may be out of the container: sound, video, fonts.
    pub fn has_remote_resources(&self) -> bool {
        let loaded =
            self.references.iter().filter(|reference| matches!(reference.kind, Use::Audio | Use::Video | Use::Font));
        loaded.into_iter().any(|reference| matches!(self.resolve(&reference.href), url::Link::Remote(_)))
    }

    /// True when something other than a link to follow leads out of the container, allowed or not.
    pub fn leads_out(&self) -> bool {
        let loaded =
            self.references.iter().filter(|reference| !matches!(reference.kind, Use::Hyperlink | Use::Citation));
        loaded
            .into_iter()
            .any(|reference| matches!(self.resolve(&reference.href), url::Link::Remote(_) | url::Link::File))
    }

    /// The features that a document must declare, and whether it has them.
    pub fn features(&self) -> [(&'static str, bool); 4] {
        [
            ("scripted", self.is_scripted),
            ("svg", self.has_svg),
            ("mathml", self.has_mathml),
            ("switch", self.has_switch),
        ]
    }

    /// Where a reference of this document leads.
    pub fn resolve(&self, href: &str) -> url::Link {
        let Some(base) = &self.base else { return url::resolve(&self.path, href) };
        match (url::resolve(&self.path, base), url::resolve("", href)) {
            (url::Link::Remote(base), url::Link::Inside(_)) => url::Link::Remote(format!("{base}{href}")),
            (url::Link::Inside(base), url::Link::Inside(_)) => url::resolve(&base.path, href),
            (_, other) => other,
        }
    }
}

/// As much of a text as is kept.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(REFERENCE_BYTES)]
}

/// Script elements of other types hold data, which nothing runs.
fn is_script(kind: Option<&str>) -> bool {
    let Some(kind) = kind else { return true };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.is_empty()
        || kind == "module"
        || kind.ends_with("/javascript")
        || kind.ends_with("/ecmascript")
        || kind.ends_with("/x-javascript")
        || kind.ends_with("/x-ecmascript")
        || kind.starts_with("text/javascript1.")
}

fn is_event_handler(name: &str) -> bool {
    name.len() > 4 && name.starts_with("on") && name.bytes().all(|byte| byte.is_ascii_lowercase())
}
