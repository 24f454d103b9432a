//! Which releases to list.

use packer::{format::Format, identifiers::isbn13, kind::Kind};
use serde::{Deserialize, Serialize};
pub use store::releases::ReleaseSort as Sort;
use store::{GroupId, ReleaseId, releases::ReleaseFilter};

use super::view::Status;
use crate::{actor::Actor, page::Cursor};

/// Releases that one query may name: what a list shows, twice over, and no more than an address holds.
const MOST_IDS: usize = 100;

/// Which releases to list. Nothing said: all, the last changed first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReleaseQuery {
    /// Only these; empty for all. Of more than 100 the first 100 count.
    pub ids: Vec<ReleaseId>,
    /// Words of title, authors, ISBN and name; all must be there, the last may be a beginning.
    pub search: Option<String>,
    /// Any of these; empty for all.
    pub status: Vec<Status>,
    /// Only of this group.
    pub group: Option<GroupId>,
    /// Only of this format.
    pub format: Option<Format>,
    /// Only in this language, by its BCP 47 tag.
    pub language: Option<String>,
    /// Only of this year.
    pub year: Option<u16>,
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// Only on this rights basis, by its word.
    pub rights: Option<String>,
    /// Only one's own.
    pub mine: bool,
    /// Only those that are withdrawn.
    pub withdrawn: bool,
    /// The order.
    pub sort: Sort,
    /// From the last to the first.
    pub descending: bool,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// At most so many, 1 to 100; 0 means 50.
    pub limit: u32,
}

impl Default for ReleaseQuery {
    fn default() -> Self {
        Self {
            ids: Vec::new(),
            search: None,
            status: Vec::new(),
            group: None,
            format: None,
            language: None,
            year: None,
            kind: None,
            rights: None,
            mine: false,
            withdrawn: false,
            sort: Sort::Updated,
            descending: true,
            after: None,
            limit: 0,
        }
    }
}

impl ReleaseQuery {
    /// The filter, with who asks: "one's own" is theirs, and nobody sees more than they may.
    pub(super) fn filter(&self, actor: &Actor) -> ReleaseFilter {
        ReleaseFilter {
            ids: self.ids.iter().take(MOST_IDS).copied().collect(),
            search: self.search.as_deref().map(searched),
            status: self.status.clone(),
            group: self.group,
            format: self.format,
            language: self.language.clone(),
            year: self.year,
            kind: self.kind,
            rights: self.rights.clone(),
            created_by: self.mine.then_some(actor.user_id),
            withdrawn: self.withdrawn,
            visible_to: actor.visible(),
        }
    }
}

/// What is looked for: an ISBN as it is stored, however it is written, and any other text as it is.
fn searched(text: &str) -> String {
    isbn13(text).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_isbn_is_looked_for_as_it_is_stored_and_words_as_they_are() {
        for written in ["978-3-16-148410-0", "ISBN 978 3 16 148410 0", "urn:isbn:9783161484100", " 3-16-148410-X "] {
            assert_eq!(searched(written), "9783161484100");
        }
        assert_eq!(searched("978-3-16-148410-1"), "978-3-16-148410-1");
        assert_eq!(searched("Nineteen 84"), "Nineteen 84");
    }
}
