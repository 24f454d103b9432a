//! How a release is named: patterns of components, as data.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{format::Format, kind::Kind, metadata::Overrides, name::ReleaseName, name::Tag};

/// The most components of a pattern.
const MOST_PARTS: usize = 16;
/// The most characters of fixed text in one component.
const LONGEST_WORD: usize = 20;

/// The rules of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Naming {
    /// What stands between words: `.` or `_`.
    #[serde(deserialize_with = "separator")]
    separator: char,
    /// The most characters of a name with its group, 64 to 243.
    #[serde(deserialize_with = "longest")]
    longest: usize,
    /// The tags that a release may carry.
    pub tags: Vec<Tag>,
    /// The language that a name leaves out, as the first subtag of BCP 47.
    pub unnamed_language: String,
    /// The format that a name leaves out.
    pub unnamed_format: Format,
    /// How several authors are named.
    pub authors: AuthorRule,
    /// The pattern of each kind.
    pub patterns: Patterns,
}

impl Naming {
    /// A tag that somebody set and that no release under these rules may carry.
    pub(crate) fn unknown_tag<'a>(&self, set: &'a Overrides) -> Option<&'a str> {
        set.tags.iter().map(String::as_str).find(|tag| !self.tags.iter().any(|known| known.word() == *tag))
    }

    /// What stands between words.
    pub fn separator(&self) -> char {
        self.separator
    }

    /// The most characters of a name with its group.
    pub fn longest(&self) -> usize {
        self.longest
    }
}

/// How several authors are named: up to `most` of them joined, of more the first and `others`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AuthorRule {
    /// The most authors that are all named.
    pub most: usize,
    /// The word between two of them.
    pub joined_by: String,
    /// What stands for those who are not named.
    pub others: String,
}

/// A pattern for each kind: the components of a name in their order, without the group, which is always last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the pattern of the kind of the same name")]
pub struct Patterns {
    #[serde(deserialize_with = "pattern")]
    pub book: Vec<PatternPart>,
    #[serde(deserialize_with = "pattern")]
    pub textbook: Vec<PatternPart>,
    #[serde(deserialize_with = "pattern")]
    pub magazine: Vec<PatternPart>,
    #[serde(deserialize_with = "pattern")]
    pub comic: Vec<PatternPart>,
    #[serde(deserialize_with = "pattern")]
    pub manga: Vec<PatternPart>,
    #[serde(deserialize_with = "pattern")]
    pub newspaper: Vec<PatternPart>,
}

impl Patterns {
    /// The pattern of a kind.
    pub fn of(&self, kind: Kind) -> &[PatternPart] {
        match kind {
            Kind::Book => &self.book,
            Kind::Textbook => &self.textbook,
            Kind::Magazine => &self.magazine,
            Kind::Comic => &self.comic,
            Kind::Manga => &self.manga,
            Kind::Newspaper => &self.newspaper,
        }
    }
}

/// A value that a component can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// The authors, else the publisher, else `Anonymous`.
    Author,
    /// The publisher, else the authors, else `Anonymous`.
    Publisher,
    /// The title.
    Title,
    /// The edition.
    Edition,
    /// The volume.
    Volume,
    /// The number of the issue.
    Issue,
    /// The day of the issue, two digits.
    Day,
    /// The month of the issue, in English.
    Month,
    /// The year.
    Year,
    /// The English word of the language.
    Language,
    /// The source.
    Source,
    /// The tags.
    Tags,
    /// The tag of the kind, unless the title has that word.
    Kind,
    /// The format.
    Format,
}

impl Placeholder {
    /// Every placeholder.
    pub const ALL: [Self; 14] = [
        Self::Author,
        Self::Publisher,
        Self::Title,
        Self::Edition,
        Self::Volume,
        Self::Issue,
        Self::Day,
        Self::Month,
        Self::Year,
        Self::Language,
        Self::Source,
        Self::Tags,
        Self::Kind,
        Self::Format,
    ];

    /// The word between the braces.
    pub fn word(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Publisher => "publisher",
            Self::Title => "title",
            Self::Edition => "edition",
            Self::Volume => "volume",
            Self::Issue => "issue",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::Language => "language",
            Self::Source => "source",
            Self::Tags => "tags",
            Self::Kind => "kind",
            Self::Format => "format",
        }
    }
}

/// One component of a pattern: fixed text, or fixed text around one placeholder. A component whose placeholder has no
/// value is left out with its fixed text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PatternPart {
    before: String,
    placeholder: Option<Placeholder>,
    after: String,
}

/// Why a text is no component of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternPartError {
    /// No such placeholder.
    #[error("there is no `{{{0}}}`; there are {words}", words = Placeholder::ALL.map(|known| format!("{{{}}}", known.word())).join(", "))]
    Placeholder(String),
    /// A brace without its other, or a second placeholder.
    #[error("`{0}` has more than one placeholder, or a brace without its other")]
    Braces(String),
    /// Fixed text that cannot stand in a name.
    #[error("`{0}` has a character that cannot stand in a name, or more than {LONGEST_WORD} of them")]
    Text(String),
    /// Nothing at all.
    #[error("a component is not empty")]
    Empty,
}

impl PatternPart {
    /// The fixed text before the placeholder, or all of it.
    pub fn before(&self) -> &str {
        &self.before
    }

    /// The placeholder.
    pub fn placeholder(&self) -> Option<Placeholder> {
        self.placeholder
    }

    /// The fixed text behind the placeholder.
    pub fn after(&self) -> &str {
        &self.after
    }
}

impl FromStr for PatternPart {
    type Err = PatternPartError;

    fn from_str(text: &str) -> Result<Self, PatternPartError> {
        if text.is_empty() {
            return Err(PatternPartError::Empty);
        }
        let fixed = |part: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._()-".contains(&byte);
            if part.contains(['{', '}']) {
                Err(PatternPartError::Braces(text.to_owned()))
            } else if part.len() > LONGEST_WORD || !part.bytes().all(allowed) {
                Err(PatternPartError::Text(text.to_owned()))
            } else {
                Ok(part.to_owned())
            }
        };
        let Some((before, rest)) = text.split_once('{') else {
            return if text.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
                Ok(Self { before: fixed(text)?, placeholder: None, after: String::new() })
            } else {
                Err(PatternPartError::Text(text.to_owned()))
            };
        };
        let (word, after) = rest.split_once('}').ok_or_else(|| PatternPartError::Braces(text.to_owned()))?;
        let placeholder = Placeholder::ALL.into_iter().find(|known| known.word() == word);
        let placeholder = placeholder.ok_or_else(|| PatternPartError::Placeholder(word.to_owned()))?;
        Ok(Self { before: fixed(before)?, placeholder: Some(placeholder), after: fixed(after)? })
    }
}

impl TryFrom<String> for PatternPart {
    type Error = PatternPartError;

    fn try_from(text: String) -> Result<Self, PatternPartError> {
        text.parse()
    }
}

impl From<PatternPart> for String {
    fn from(part: PatternPart) -> Self {
        let placeholder = part.placeholder.map(|known| format!("{{{}}}", known.word())).unwrap_or_default();
        format!("{}{placeholder}{}", part.before, part.after)
    }
}

fn pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PatternPart>, D::Error> {
    let parts = Vec::<PatternPart>::deserialize(deserializer)?;
    if parts.len() > MOST_PARTS {
        return Err(D::Error::custom(format_args!(
            "a pattern has at most {MOST_PARTS} components, not {}",
            parts.len()
        )));
    }
    if !parts.iter().any(|part| part.placeholder == Some(Placeholder::Title)) {
        return Err(D::Error::custom("a pattern has a component `{title}`"));
    }
    for (index, part) in parts.iter().enumerate() {
        let again = |other: &PatternPart| part.placeholder.is_some() && other.placeholder == part.placeholder;
        if parts[..index].iter().any(again) {
            let word = part.placeholder.map(Placeholder::word).unwrap_or_default();
            return Err(D::Error::custom(format_args!("`{{{word}}}` stands twice in the pattern")));
        }
    }
    Ok(parts)
}

fn separator<'de, D: Deserializer<'de>>(deserializer: D) -> Result<char, D::Error> {
    match char::deserialize(deserializer)? {
        separator @ ('.' | '_') => Ok(separator),
        other => Err(D::Error::custom(format_args!("the separator is `.` or `_`, not `{other}`"))),
    }
}

fn longest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let longest = usize::deserialize(deserializer)?;
    if (64..=ReleaseName::LONGEST).contains(&longest) {
        Ok(longest)
    } else {
        Err(D::Error::custom(format_args!("{longest} is not between 64 and {}", ReleaseName::LONGEST)))
    }
}
