//! Kinds of publications and where their file came from.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What sort of publication a release is: it decides the pattern of the name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A book.
    #[default]
    Book,
    /// A textbook: the publisher stands in the author's place.
    Textbook,
    /// One number of a magazine.
    Magazine,
    /// A comic; what a CBZ is unless said otherwise.
    Comic,
    /// A manga.
    Manga,
    /// One day's newspaper.
    Newspaper,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Book, Self::Textbook, Self::Magazine, Self::Comic, Self::Manga, Self::Newspaper];

    /// The word used in JSON, in profiles and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Book => "book",
            Self::Textbook => "textbook",
            Self::Magazine => "magazine",
            Self::Comic => "comic",
            Self::Manga => "manga",
            Self::Newspaper => "newspaper",
        }
    }

    /// The component of a release name, for the kinds that have one.
    pub fn tag(self) -> Option<&'static str> {
        match self {
            Self::Magazine => Some("MAGAZiNE"),
            Self::Comic => Some("COMiC"),
            Self::Manga => Some("MANGA"),
            Self::Book | Self::Textbook | Self::Newspaper => None,
        }
    }
}

/// A text that is no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind: there are book, textbook, magazine, comic, manga and newspaper")]
pub struct KindError(pub String);

impl FromStr for Kind {
    type Err = KindError;

    /// Upper and lower case are the same.
    fn from_str(text: &str) -> Result<Self, KindError> {
        let same = |kind: &Self| kind.word().eq_ignore_ascii_case(text.trim());
        Self::ALL.into_iter().find(same).ok_or_else(|| KindError(text.to_owned()))
    }
}

/// Where the file came from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Source {
    /// The publisher's own digital edition.
    #[default]
    #[serde(rename = "RETAiL")]
    Retail,
    /// Digitised from print.
    #[serde(rename = "SCAN")]
    Scan,
}

/// A text that is no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no source: there are RETAiL and SCAN")]
pub struct SourceError(pub String);

impl FromStr for Source {
    type Err = SourceError;

    /// Upper and lower case are the same.
    fn from_str(text: &str) -> Result<Self, SourceError> {
        let same = |source: &Self| source.tag().eq_ignore_ascii_case(text.trim());
        Self::ALL.into_iter().find(same).ok_or_else(|| SourceError(text.to_owned()))
    }
}

impl Source {
    /// Both sources.
    pub const ALL: [Self; 2] = [Self::Retail, Self::Scan];

    /// The component of a release name, and the word used everywhere else.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Retail => "RETAiL",
            Self::Scan => "SCAN",
        }
    }
}
