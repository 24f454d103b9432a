//! The words that may stand between source and format.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::kind::Kind;

/// A tag of a release. The order is the one in which tags stand in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Tag {
    /// For the group's own readers; another group's release of the same book is no conflict.
    Internal,
    /// The NFO says something that a reader must know.
    ReadNfo,
    /// Corrects the NFO of an earlier release: no book in it.
    NfoFix,
    /// Corrects the name of an earlier release: no book in it.
    DirFix,
    /// The group's own earlier release, packed again.
    Repack,
    /// Better than another group's earlier release.
    Proper,
}

/// A text that is no tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no tag: there are iNTERNAL, READNFO, NFOFiX, DiRFiX, REPACK and PROPER")]
pub struct TagError(pub String);

impl Tag {
    /// Every tag, in the order of a name.
    pub const ALL: [Self; 6] = [Self::Internal, Self::ReadNfo, Self::NfoFix, Self::DirFix, Self::Repack, Self::Proper];

    /// The component of a name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Internal => "iNTERNAL",
            Self::ReadNfo => "READNFO",
            Self::NfoFix => "NFOFiX",
            Self::DirFix => "DiRFiX",
            Self::Repack => "REPACK",
            Self::Proper => "PROPER",
        }
    }

    /// True for a tag of a later revision, which must name the release that it corrects.
    pub fn is_correction(self) -> bool {
        matches!(self, Self::NfoFix | Self::DirFix | Self::Repack | Self::Proper)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

impl FromStr for Tag {
    type Err = TagError;

    /// Upper and lower case are the same when a person writes a tag; in a name they are not.
    fn from_str(text: &str) -> Result<Self, TagError> {
        Self::ALL
            .into_iter()
            .find(|tag| tag.word().eq_ignore_ascii_case(text.trim()))
            .ok_or_else(|| TagError(text.to_owned()))
    }
}

impl TryFrom<String> for Tag {
    type Error = TagError;

    fn try_from(text: String) -> Result<Self, TagError> {
        text.parse()
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> Self {
        tag.word().to_owned()
    }
}

/// What stands between source and format: tags, and the tag of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A tag.
    Tag(Tag),
    /// The tag of a kind that has one.
    Kind(Kind),
}

impl Mark {
    /// The mark that a component of a name is, letter by letter.
    pub fn of_component(component: &str) -> Option<Self> {
        let tag = Tag::ALL.into_iter().find(|tag| tag.word() == component).map(Self::Tag);
        let kind = || Kind::ALL.into_iter().find(|kind| kind.tag() == Some(component)).map(Self::Kind);
        tag.or_else(kind)
    }

    /// The component of a name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tag(tag) => tag.word(),
            Self::Kind(kind) => kind.tag().unwrap_or_default(),
        }
    }
}
