//! Where a page of the list ended.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::ReleaseSort;
use crate::{ReleaseId, Timestamp};

/// The value that a list is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SortKey {
    /// Of [`ReleaseSort::Updated`] and [`ReleaseSort::Created`].
    Time(Timestamp),
    /// Of [`ReleaseSort::Title`] and [`ReleaseSort::Name`].
    Text(String),
}

/// Where a page ended. Its text is the id, then `=` and a time or `~` and a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReleaseCursor {
    /// What its last release is sorted by.
    pub key: SortKey,
    /// The last release.
    pub id: ReleaseId,
}

/// A text that says no end of a page, or of one sorted otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not where a page of that order ended")]
pub struct CursorError;

impl ReleaseCursor {
    /// True when it belongs to a list that is sorted so.
    pub fn fits(&self, sort: ReleaseSort) -> bool {
        matches!(
            (&self.key, sort),
            (SortKey::Time(_), ReleaseSort::Updated | ReleaseSort::Created)
                | (SortKey::Text(_), ReleaseSort::Title | ReleaseSort::Name)
        )
    }
}

impl fmt::Display for ReleaseCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            SortKey::Time(time) => write!(formatter, "{}={}", self.id, time.0),
            SortKey::Text(text) => write!(formatter, "{}~{text}", self.id),
        }
    }
}

impl FromStr for ReleaseCursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let at = text.find(['=', '~']).ok_or(CursorError)?;
        let id = text[..at].parse().map_err(|_| CursorError)?;
        let rest = &text[at + 1..];
        let key = if text[at..].starts_with('=') {
            SortKey::Time(Timestamp(rest.parse().map_err(|_| CursorError)?))
        } else {
            SortKey::Text(rest.to_owned())
        };
        Ok(Self { key, id })
    }
}

impl TryFrom<String> for ReleaseCursor {
    type Error = CursorError;

    fn try_from(text: String) -> Result<Self, CursorError> {
        text.parse()
    }
}

impl From<ReleaseCursor> for String {
    fn from(cursor: ReleaseCursor) -> Self {
        cursor.to_string()
    }
}
