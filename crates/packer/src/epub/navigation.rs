//! Tables of contents: the navigation document of EPUB 3 and the NCX of EPUB 2.

use roxmltree::Node;

use crate::{
    inspect::Chapter,
    xml::{Position, Tree, collapse, namespace, text_of},
};

/// Lists inside each other that are followed; deeper ones are left out of the table of contents.
const DEPTH: u16 = 32;

/// One link of a list.
#[derive(Debug, Clone)]
pub struct NavigationLink {
    /// The label.
    pub label: String,
    /// Where it leads, as written; nothing for a heading.
    pub href: Option<String>,
    /// How deep it stands, 0 at the top.
    pub depth: u16,
    /// Where it is.
    pub at: Position,
}

/// What a navigation document or an NCX holds.
#[derive(Debug, Clone, Default)]
pub struct Navigation {
    /// The path inside the container.
    pub path: String,
    /// The table of contents.
    pub contents: Vec<NavigationLink>,
    /// The list of printed pages; nothing when there is none.
    pub pages: Option<Vec<NavigationLink>>,
    /// The landmarks.
    pub landmarks: Vec<NavigationLink>,
    /// Which kinds of `nav` it has, as often as it has them.
    pub kinds: Vec<(String, Position)>,
    /// `dtb:uid` of an NCX, as written.
    pub uid: Option<(String, Position)>,
    /// Empty labels of an NCX.
    pub empty_labels: Vec<Position>,
}

impl Navigation {
    /// The table of contents as the review shows it.
    pub fn chapters(&self) -> Vec<Chapter> {
        let shown = self.contents.iter().filter(|link| !link.label.is_empty());
        shown.map(|link| Chapter { label: link.label.clone(), depth: link.depth }).collect()
    }

    /// Reads a navigation document.
    pub fn of_document(path: &str, tree: &Tree<'_>) -> Self {
        let mut navigation = Self { path: path.to_owned(), ..Self::default() };
        for nav in tree.root().descendants().filter(|node| node.has_tag_name((namespace::XHTML, "nav"))) {
            let kinds = nav.attribute((namespace::OPS, "type")).unwrap_or_default();
            for kind in kinds.split_ascii_whitespace() {
                navigation.kinds.push((kind.to_owned(), tree.position(nav)));
                match kind {
                    "toc" => navigation.contents.extend(links(nav, tree)),
                    "page-list" => navigation.pages.get_or_insert_default().extend(links(nav, tree)),
                    "landmarks" => navigation.landmarks.extend(links(nav, tree)),
                    _ => {}
                }
            }
        }
        navigation
    }

    /// Reads an NCX.
    pub fn of_ncx(path: &str, tree: &Tree<'_>) -> Self {
        let mut navigation = Self { path: path.to_owned(), ..Self::default() };
        for node in tree.root().descendants().filter(Node::is_element) {
            match node.tag_name().name() {
                "meta" if node.attribute("name") == Some("dtb:uid") => {
                    let content = node.attribute("content").unwrap_or_default().to_owned();
                    navigation.uid.get_or_insert((content, tree.position(node)));
                }
                "navPoint" => navigation.contents.push(point(node, tree)),
                "pageList" => {
                    navigation.pages.get_or_insert_default();
                }
                "pageTarget" => navigation.pages.get_or_insert_default().push(point(node, tree)),
                "text" if text_of(node).is_empty() => navigation.empty_labels.push(tree.position(node)),
                _ => {}
            }
        }
        navigation
    }
}

fn links(nav: Node<'_, '_>, tree: &Tree<'_>) -> Vec<NavigationLink> {
    let mut links = Vec::new();
    for node in nav.descendants().filter(|node| node.has_tag_name((namespace::XHTML, "li"))) {
        let ancestors = node.ancestors().skip(1).take_while(|ancestor| *ancestor != nav);
        let depth = ancestors.filter(|ancestor| ancestor.has_tag_name((namespace::XHTML, "li"))).count();
        let label = node.children().find(|child| matches!(child.tag_name().name(), "a" | "span"));
        let (Some(label), Ok(depth)) = (label, u16::try_from(depth)) else { continue };
        if depth < DEPTH {
            let href = label.attribute("href").map(str::to_owned);
            links.push(NavigationLink { label: label_of(label), href, depth, at: tree.position(label) });
        }
    }
    links
}

/// The text, with the alternative texts of images, which may be all the label there is.
fn label_of(node: Node<'_, '_>) -> String {
    let mut out = String::new();
    for part in node.descendants() {
        if part.is_text() {
            out.push_str(part.text().unwrap_or_default());
        } else if let Some(alternative) = part.attribute("alt") {
            out.push_str(alternative);
        }
    }
    collapse(&out)
}

fn point(node: Node<'_, '_>, tree: &Tree<'_>) -> NavigationLink {
    let child = |name: &str| node.children().find(|child| child.tag_name().name() == name);
    let content = child("content");
    let depth = node.ancestors().skip(1).filter(|ancestor| ancestor.tag_name().name() == "navPoint").count();
    NavigationLink {
        label: child("navLabel").map(text_of).unwrap_or_default(),
        href: content.and_then(|content| content.attribute("src")).map(str::to_owned),
        depth: u16::try_from(depth).unwrap_or(DEPTH).min(DEPTH),
        at: tree.position(content.unwrap_or(node)),
    }
}
