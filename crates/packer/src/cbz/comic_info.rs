//! `ComicInfo.xml`: what a comic says of itself (the Anansi Project's schema, versions 1 to 2.1).

use roxmltree::Node;

use crate::{
    identifiers::isbn13,
    inspect::Chapter,
    kind::Kind,
    metadata::{BookMetadata, Contributor, Identifier, Text},
    xml::{Tree, text_of},
};

/// The elements that name people, with the MARC relator code of each.
const PEOPLE: [(&str, &str); 8] = [
    ("Writer", "aut"),
    ("Penciller", "pnc"),
    ("Inker", "ink"),
    ("Colorist", "clr"),
    ("Letterer", "ltr"),
    ("CoverArtist", "cov"),
    ("Editor", "edt"),
    ("Translator", "trl"),
];
/// Of those, who made the book; the others contributed to it.
const CREATORS: [&str; 3] = ["aut", "pnc", "ink"];

/// What it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ComicInfo {
    /// Elements with a text, by name; the first of each.
    values: Vec<(String, String)>,
    /// The number of pages that it counts.
    pub(super) page_count: Option<usize>,
    /// The page, counted from 0, that it calls the front cover.
    pub(super) front_cover: Option<usize>,
    /// Pages with a bookmark, in their order.
    bookmarks: Vec<String>,
    /// True when its root is the one it should have.
    pub(super) has_right_root: bool,
}

impl ComicInfo {
    pub(super) fn read(tree: &Tree<'_>) -> Self {
        let root = tree.root();
        let mut info = Self { has_right_root: root.tag_name().name() == "ComicInfo", ..Self::default() };
        for node in root.children().filter(Node::is_element) {
            let name = node.tag_name().name();
            if name == "Pages" {
                info.read_pages(node);
                continue;
            }
            let text = text_of(node);
            let text = text.trim();
            if !text.is_empty() && info.value(name).is_none() {
                info.values.push((name.to_owned(), text.to_owned()));
            }
        }
        info.page_count = info.value("PageCount").and_then(|count| count.parse().ok());
        info
    }

    fn read_pages(&mut self, pages: Node<'_, '_>) {
        for page in pages.children().filter(|node| node.tag_name().name() == "Page") {
            if page.attribute("Type") == Some("FrontCover") && self.front_cover.is_none() {
                self.front_cover = page.attribute("Image").and_then(|index| index.trim().parse().ok());
            }
            if let Some(label) = page.attribute("Bookmark").map(str::trim).filter(|label| !label.is_empty()) {
                self.bookmarks.push(label.to_owned());
            }
        }
    }

    /// The text of an element.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The bookmarks of its pages.
    pub(super) fn chapters(&self) -> Vec<Chapter> {
        self.bookmarks.iter().map(|label| Chapter { label: label.clone(), depth: 0 }).collect()
    }

    /// The metadata of a book. A comic goes by the name of its series; the title of one issue is the subtitle then.
    pub(super) fn metadata(&self) -> BookMetadata {
        let text = |name: &str| self.value(name).map(|value| Text { value: value.to_owned(), ..Text::default() });
        let (title, series) = (text("Title"), text("Series"));
        let subtitle = series.as_ref().and(title.as_ref()).map(|title| title.value.clone());
        let number = self.value("Number").map(str::to_owned);
        let people = || PEOPLE.into_iter().flat_map(|(name, role)| self.people(name, role));
        let is_creator = |one: &Contributor| one.roles.iter().any(|role| CREATORS.contains(&role.as_str()));
        let manga = self.value("Manga").unwrap_or_default();
        BookMetadata {
            kind: manga.starts_with("Yes").then_some(Kind::Manga),
            title: series.clone().or(title),
            subtitle,
            creators: people().filter(is_creator).collect(),
            contributors: people().filter(|one| !is_creator(one)).collect(),
            publisher: text("Publisher"),
            languages: self.value("LanguageISO").map(str::to_owned).into_iter().collect(),
            identifiers: self.identifiers(),
            isbn: self.value("GTIN").and_then(isbn13),
            date: self.date(),
            subjects: self.list("Genre").chain(self.list("Tags")).collect(),
            description: self.value("Summary").map(str::to_owned),
            series: series.map(|series| (series.value, number.clone())),
            volume: self.value("Volume").filter(|volume| *volume != "-1").map(str::to_owned),
            issue: number,
            page_progression: (manga == "YesAndRightToLeft").then(|| "rtl".to_owned()),
            fixed_layout: true,
            ..BookMetadata::default()
        }
    }

    fn people(&self, name: &'static str, role: &'static str) -> impl Iterator<Item = Contributor> {
        self.list(name)
            .map(|name| Contributor { name: Text { value: name, ..Text::default() }, roles: vec![role.to_owned()] })
    }

    /// Lists are separated by commas.
    fn list(&self, name: &str) -> impl Iterator<Item = String> {
        let parts = self.value(name).unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::to_owned)
    }

    fn identifiers(&self) -> Vec<Identifier> {
        let of = |name: &str, scheme: &str| {
            let value = self.value(name)?.to_owned();
            Some(Identifier { value, scheme: Some(scheme.to_owned()) })
        };
        [of("GTIN", "gtin"), of("Web", "url")].into_iter().flatten().collect()
    }

    /// Year, month and day are elements of their own, and -1 says that one is not known.
    fn date(&self) -> Option<String> {
        let number =
            |name: &str, most: u32| self.value(name)?.parse::<u32>().ok().filter(|number| (1..=most).contains(number));
        let year = number("Year", 9_999)?;
        Some(match (number("Month", 12), number("Day", 31)) {
            (Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
            (Some(month), None) => format!("{year:04}-{month:02}"),
            _ => format!("{year:04}"),
        })
    }
}
