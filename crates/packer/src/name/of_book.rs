//! What the release of a book is called, without the rest of its plan: what a browser can tell before the book is sent.

use serde::{Deserialize, Serialize};

use super::{
    NameError,
    compose::{Composer, Composition, compose},
};
use crate::{
    date::ReleaseDate,
    finding::FindingCode,
    format::Format,
    group::GroupTag,
    metadata::{BookMetadata, Overrides},
    overrides::{self, WrongValue},
    profile::Naming,
    resolve::resolve_mended,
    transliterate::Tables,
};

/// What decides a name besides the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// The group.
    pub group: GroupTag,
    /// The release date: its year stands in where the book has none.
    pub date: ReleaseDate,
    /// The rules of the profile.
    pub naming: Naming,
    /// What the profile mends by itself.
    #[serde(default)]
    pub fixes: Vec<FindingCode>,
    /// The fields that a person set.
    #[serde(default)]
    pub set: Overrides,
}

/// Why a book gets no name.
#[derive(Debug, thiserror::Error)]
pub enum NamingError {
    /// A field holds what it cannot.
    #[error(transparent)]
    Field(#[from] WrongValue),
    /// The profile has no such tag.
    #[error("the profile has no tag `{0}`")]
    Tag(String),
    /// The words of the profile leave no room.
    #[error(transparent)]
    Name(#[from] NameError),
}

/// The name that [`prepare`](crate::prepare::prepare) gives the release of a book, if it takes the book at all: protection
/// and the formats of the profile are not looked at here. `file_name` is a last resort for the
/// title.
pub fn of_book(
    metadata: &BookMetadata,
    format: Format,
    file_name: &str,
    chosen: &Chosen,
) -> Result<Composition, NamingError> {
    let set = overrides::checked(&chosen.set)?;
    if let Some(tag) = chosen.naming.unknown_tag(&set) {
        return Err(NamingError::Tag(tag.to_owned()));
    }
    let fields = resolve_mended(metadata, format, file_name, &set, chosen.date, &chosen.fixes).fields;
    Ok(compose(Composer {
        fields: &fields,
        metadata,
        group: &chosen.group,
        format,
        naming: &chosen.naming,
        transliterator: &Tables,
    })?)
}
