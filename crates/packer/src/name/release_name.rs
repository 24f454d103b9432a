//! The name of a release: a head in the words of the book, a tail of fields, a group.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::tag::{Mark, Tag};
use crate::{
    format::Format,
    group::{GroupTag, GroupTagError},
    kind::{Kind, Source},
};

/// The name of a release.
///
/// Parsing reads the tail from the right, as far as it goes in the order year, language, source, tags, format, type;
/// what is left of it is the head, one text. Printing a parsed name gives the text that was parsed, letter by letter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReleaseName {
    separator: char,
    head: String,
    year: Option<u16>,
    language: Option<String>,
    source: Option<Source>,
    marks: Vec<Mark>,
    format: Option<Format>,
    is_ebook: bool,
    group: GroupTag,
}

/// Why a text is no release name. Positions are counted in characters, from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing stands before the group.
    #[error("a release name is not empty before its group")]
    Empty,
    /// A name must fit, with an extension, into the 255 bytes of a file name.
    #[error("a release name has at most {limit} characters, not {length}", limit = ReleaseName::LONGEST)]
    TooLong {
        /// Its length in characters.
        length: usize,
    },
    /// A character outside `[A-Za-z0-9._()-]`.
    #[error(
        "character {position} is `{character}`: a release name has letters and digits without accents, and . _ ( ) -"
    )]
    Character {
        /// The character.
        character: char,
        /// Where it stands.
        position: usize,
    },
    /// A dot at the start, at the end, or after another.
    #[error("the dot at character {position} has no word before or after it")]
    Dot {
        /// Where it stands.
        position: usize,
    },
    /// Programs would take the name for an option.
    #[error("character 1 is `-`: a release name begins with a word")]
    Hyphen,
    /// No `-` before a group.
    #[error("a release name ends with `-` and the tag of its group")]
    NoGroup,
    /// What stands after the last `-` is no group.
    #[error("from character {position}: {error}")]
    Group {
        /// Where the tag begins.
        position: usize,
        /// What is wrong with it.
        error: GroupTagError,
    },
}

impl ReleaseName {
    /// The most characters of a name: with an extension it must fit into the 255 bytes of a file name.
    pub const LONGEST: usize = 243;
    /// The component that says what the release is.
    pub const TYPE: &'static str = "eBOOK";

    /// Everything before the tail, with its separators.
    pub fn head(&self) -> &str {
        &self.head
    }

    /// The year of the edition.
    pub fn year(&self) -> Option<u16> {
        self.year
    }

    /// The word of the language; a name without one is of an English book.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// Where the file came from.
    pub fn source(&self) -> Option<Source> {
        self.source
    }

    /// The tags, in the order of the name.
    pub fn tags(&self) -> impl Iterator<Item = Tag> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Tag(tag) => Some(*tag),
            Mark::Kind(_) => None,
        })
    }

    /// The kind, where the name has its tag.
    pub fn kind(&self) -> Option<Kind> {
        self.marks.iter().find_map(|mark| match mark {
            Mark::Kind(kind) => Some(*kind),
            Mark::Tag(_) => None,
        })
    }

    /// The format, where the name has one; a name without is of a PDF.
    pub fn format(&self) -> Option<Format> {
        self.format
    }

    /// True when the name has the type `eBOOK`.
    pub fn is_ebook(&self) -> bool {
        self.is_ebook
    }

    /// The group.
    pub fn group(&self) -> &GroupTag {
        &self.group
    }
}

impl fmt::Display for ReleaseName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = self.separator;
        formatter.write_str(&self.head)?;
        if let Some(year) = self.year {
            write!(formatter, "{separator}{year:04}")?;
        }
        let words = self
            .language
            .as_deref()
            .into_iter()
            .chain(self.source.map(Source::tag))
            .chain(self.marks.iter().map(|mark| mark.word()))
            .chain(self.format.map(Format::tag))
            .chain(self.is_ebook.then_some(Self::TYPE));
        for word in words {
            write!(formatter, "{separator}{word}")?;
        }
        write!(formatter, "-{}", self.group)
    }
}

impl FromStr for ReleaseName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        check_characters(text)?;
        let (body, group) = text.rsplit_once('-').ok_or(NameError::NoGroup)?;
        let position = body.len() + 2;
        let group = group.parse().map_err(|error| NameError::Group { position, error })?;
        check_dots(body)?;
        // A profile may join the words of its names with `_`; such a name has no dot.
        let separator = if body.contains('.') { '.' } else { '_' };
        let mut tail = Components { rest: body.split(separator).collect() };
        let is_ebook = tail.take(|word| (word == Self::TYPE).then_some(())).is_some();
        let format = tail.take(|word| Format::ALL.into_iter().find(|format| format.tag() == word));
        let mut marks: Vec<Mark> = std::iter::from_fn(|| tail.take(Mark::of_component)).collect();
        marks.reverse();
        let source = tail.take(|word| Source::ALL.into_iter().find(|source| source.tag() == word));
        let language = if source.is_some() { tail.take_language() } else { None };
        let year = tail.take(year_of_component);
        let head = tail.rest.join(separator.encode_utf8(&mut [0; 4]));
        Ok(Self { separator, head, year, language, source, marks, format, is_ebook, group })
    }
}

/// The components that are not yet read. The first one always belongs to the head.
struct Components<'a> {
    rest: Vec<&'a str>,
}

impl<'a> Components<'a> {
    fn take<T>(&mut self, read: impl Fn(&'a str) -> Option<T>) -> Option<T> {
        let [_, .., last] = self.rest[..] else { return None };
        let value = read(last)?;
        self.rest.pop();
        Some(value)
    }

    /// An upper-case word is a language only after a year: without one it may be the last word of a title.
    fn take_language(&mut self) -> Option<String> {
        let [_, .., before, last] = self.rest[..] else { return None };
        let is_word = last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_uppercase());
        if !is_word || year_of_component(before).is_none() {
            return None;
        }
        self.rest.pop().map(ToOwned::to_owned)
    }
}

fn year_of_component(component: &str) -> Option<u16> {
    let digits = component.len() == 4 && component.bytes().all(|byte| byte.is_ascii_digit());
    if digits { component.parse().ok() } else { None }
}

fn check_characters(text: &str) -> Result<(), NameError> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || "._()-".contains(character);
    if let Some((index, character)) = text.chars().enumerate().find(|(_, character)| !allowed(*character)) {
        return Err(NameError::Character { character, position: index + 1 });
    }
    if text.len() > ReleaseName::LONGEST {
        return Err(NameError::TooLong { length: text.len() });
    }
    Ok(())
}

/// Checks what stands before the group, all of it ASCII by now.
fn check_dots(body: &str) -> Result<(), NameError> {
    if body.is_empty() {
        return Err(NameError::Empty);
    }
    if body.starts_with('-') {
        return Err(NameError::Hyphen);
    }
    if body.starts_with('.') {
        return Err(NameError::Dot { position: 1 });
    }
    if let Some(index) = body.find("..") {
        return Err(NameError::Dot { position: index + 2 });
    }
    if body.ends_with('.') {
        return Err(NameError::Dot { position: body.len() });
    }
    Ok(())
}

impl TryFrom<String> for ReleaseName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl From<ReleaseName> for String {
    fn from(name: ReleaseName) -> Self {
        name.to_string()
    }
}
