//! Kinds of publications and where their file came from.

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

impl Source {
    /// The component of a release name, and the word used everywhere else.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Retail => "RETAiL",
            Self::Scan => "SCAN",
        }
    }
}
