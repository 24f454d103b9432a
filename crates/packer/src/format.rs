//! Formats of books.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a book's file is, told by its content first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// EPUB 2 or 3.
    Epub,
    /// PDF.
    Pdf,
    /// MOBI 6, and joint MOBI 6 + KF8.
    Mobi,
    /// MOBI 6 under Amazon's extension.
    Azw,
    /// KF8, as in `.azw3`.
    Kf8,
    /// Mobipocket's older extension.
    Prc,
    /// A ZIP of page images.
    Cbz,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 7] = [Self::Epub, Self::Pdf, Self::Mobi, Self::Azw, Self::Kf8, Self::Prc, Self::Cbz];

    /// The component of a release name; `PDF` is the one that a name leaves out.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Epub => "ePUB",
            Self::Pdf => "PDF",
            Self::Mobi => "MOBI",
            Self::Azw => "AZW",
            Self::Kf8 => "KF8",
            Self::Prc => "PRC",
            Self::Cbz => "CBZ",
        }
    }

    /// The word used in JSON, in profiles and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Epub => "epub",
            Self::Pdf => "pdf",
            Self::Mobi => "mobi",
            Self::Azw => "azw",
            Self::Kf8 => "kf8",
            Self::Prc => "prc",
            Self::Cbz => "cbz",
        }
    }

    /// The extension of the book in a package, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Kf8 => "azw3",
            other => other.word(),
        }
    }

    /// The media type for downloads.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Epub => "application/epub+zip",
            Self::Pdf => "application/pdf",
            Self::Mobi | Self::Prc => "application/x-mobipocket-ebook",
            Self::Azw | Self::Kf8 => "application/vnd.amazon.ebook",
            Self::Cbz => "application/vnd.comicbook+zip",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.tag())
    }
}
