//! What is known of a book: read from its file, set by a person, and resolved from both.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kind::{Kind, Source};

/// A text with the other forms in which the book gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// As the book shows it.
    pub value: String,
    /// The form to sort by (`file-as`), often in Latin letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_as: Option<String>,
    /// Alternate scripts, each with its BCP 47 tag.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternates: Vec<(String, String)>,
}

/// Someone or something that made the book.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contributor {
    /// The name.
    #[serde(flatten)]
    pub name: Text,
    /// MARC relator codes (`aut`, `ill`, `trl` …), in the book's order; empty when it says none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
}

/// An identifier that the book gives itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// As written, without white space around it.
    pub value: String,
    /// The scheme where one is given or can be told (`isbn`, `uuid`, `doi`, `url` …), in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
}

/// The accessibility metadata of EPUB Accessibility 1.1 (schema.org properties and the conformance claim).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accessibility {
    /// `schema:accessMode`.
    #[serde(default)]
    pub access_modes: Vec<String>,
    /// `schema:accessModeSufficient`.
    #[serde(default)]
    pub access_modes_sufficient: Vec<String>,
    /// `schema:accessibilityFeature`.
    #[serde(default)]
    pub features: Vec<String>,
    /// `schema:accessibilityHazard`.
    #[serde(default)]
    pub hazards: Vec<String>,
    /// `schema:accessibilitySummary`.
    #[serde(default)]
    pub summary: Option<String>,
    /// `dcterms:conformsTo`.
    #[serde(default)]
    pub conforms_to: Vec<String>,
    /// `a11y:certifiedBy`.
    #[serde(default)]
    pub certified_by: Vec<String>,
}

/// Everything that was read from the book's own file. Nothing in it was guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BookMetadata {
    /// The version the file claims, such as `3.0`.
    pub format_version: Option<String>,
    /// The main title.
    pub title: Option<Text>,
    /// The subtitle.
    pub subtitle: Option<String>,
    /// Creators, in the book's order.
    pub creators: Vec<Contributor>,
    /// Other contributors, in the book's order.
    pub contributors: Vec<Contributor>,
    /// The publisher.
    pub publisher: Option<Text>,
    /// BCP 47 tags as written, in the book's order.
    pub languages: Vec<String>,
    /// Every identifier; the first is the one that the package calls unique.
    pub identifiers: Vec<Identifier>,
    /// The first valid ISBN-13 among the identifiers and sources, without hyphens.
    pub isbn: Option<String>,
    /// The publication date of this edition, as written (`dc:date`).
    pub date: Option<String>,
    /// `dcterms:modified`, as written.
    pub modified: Option<String>,
    /// Subjects.
    pub subjects: Vec<String>,
    /// Description with its markup taken off.
    pub description: Option<String>,
    /// `dc:rights`, each as written.
    pub rights: Vec<String>,
    /// Where it was made from (`dc:source`).
    pub sources: Vec<String>,
    /// The series and the position in it.
    pub series: Option<(String, Option<String>)>,
    /// The volume that a comic says it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<String>,
    /// The number of an issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// The kind, where the book says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Accessibility metadata.
    pub accessibility: Accessibility,
    /// True when the layout is fixed (`rendition:layout` `pre-paginated`).
    pub fixed_layout: bool,
    /// `rtl` when pages go from right to left, `ltr`, or nothing.
    pub page_progression: Option<String>,
    /// Words in the text of the spine, counted.
    pub words: Option<u64>,
    /// Documents in the spine.
    pub spine: Option<u32>,
    /// True when there is a list of the printed pages.
    pub page_list: bool,
}

/// A name of a field that a person can set: `--set FIELD=VALUE` and the fields of the review page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the field of `Fields` of the same name")]
pub enum Field {
    Kind,
    Source,
    Title,
    Authors,
    Publisher,
    Language,
    Year,
    Edition,
    Volume,
    Issue,
    IssueDate,
    Isbn,
    Genre,
    Url,
    Description,
    Tags,
    Corrects,
}

impl Field {
    /// Every field, in the order in which forms and help show them.
    pub const ALL: [Self; 17] = [
        Self::Kind,
        Self::Source,
        Self::Title,
        Self::Authors,
        Self::Publisher,
        Self::Language,
        Self::Year,
        Self::Edition,
        Self::Volume,
        Self::Issue,
        Self::IssueDate,
        Self::Isbn,
        Self::Genre,
        Self::Url,
        Self::Description,
        Self::Tags,
        Self::Corrects,
    ];

    /// The word used in JSON, in profiles and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Source => "source",
            Self::Title => "title",
            Self::Authors => "authors",
            Self::Publisher => "publisher",
            Self::Language => "language",
            Self::Year => "year",
            Self::Edition => "edition",
            Self::Volume => "volume",
            Self::Issue => "issue",
            Self::IssueDate => "issue-date",
            Self::Isbn => "isbn",
            Self::Genre => "genre",
            Self::Url => "url",
            Self::Description => "description",
            Self::Tags => "tags",
            Self::Corrects => "corrects",
        }
    }

    /// The field that a word names.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.word() == word)
    }

    /// True for a field that holds several values.
    pub fn is_plural(self) -> bool {
        matches!(self, Self::Authors | Self::Tags)
    }
}

/// What a person set. `None` and an empty list mean: take it from the book.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the field of `Fields` of the same name")]
pub struct Overrides {
    pub kind: Option<Kind>,
    pub source: Option<Source>,
    pub title: Option<String>,
    pub authors: Vec<String>,
    pub publisher: Option<String>,
    /// A BCP 47 tag.
    pub language: Option<String>,
    pub year: Option<u16>,
    pub edition: Option<String>,
    pub volume: Option<String>,
    pub issue: Option<String>,
    /// `YYYY-MM-DD`, for newspapers and magazines.
    pub issue_date: Option<String>,
    pub isbn: Option<String>,
    pub genre: Option<String>,
    pub url: Option<String>,
    pub description: Option<String>,
    pub tags: Vec<String>,
    /// The name of the release that this one corrects.
    pub corrects: Option<String>,
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// From the metadata inside the book.
    Book,
    /// From the file itself: its name, its format.
    File,
    /// A person set it.
    Person,
    /// The profile mended what the book says.
    Mended,
    /// Nothing said it; product rules chose it.
    Fallback,
}

/// The values that a release goes by, after the book, the person and the fallbacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Fields {
    /// The kind.
    pub kind: Kind,
    /// The source.
    pub source: Source,
    /// The whole title, as it stands in the NFO.
    pub title: String,
    /// Authors as they stand in the NFO; empty when nobody is known.
    pub authors: Vec<String>,
    /// The publisher.
    pub publisher: Option<String>,
    /// A BCP 47 tag in canonical form; nothing when it is not known.
    pub language: Option<String>,
    /// The year of the edition.
    pub year: u16,
    /// The edition, free text.
    pub edition: Option<String>,
    /// The volume of a comic or manga.
    pub volume: Option<String>,
    /// The number of a magazine or comic.
    pub issue: Option<String>,
    /// The day of a newspaper or magazine, `YYYY-MM-DD`.
    pub issue_date: Option<String>,
    /// ISBN-13 without hyphens.
    pub isbn: Option<String>,
    /// The genre.
    pub genre: Option<String>,
    /// A link.
    pub url: Option<String>,
    /// Plain text.
    pub description: Option<String>,
    /// Tags between source and format, each of the closed list of the profile.
    pub tags: Vec<String>,
    /// The name of the release that this one corrects.
    pub corrects: Option<String>,
    /// Where each value came from; a field without a value is absent.
    pub origins: BTreeMap<Field, Origin>,
}
