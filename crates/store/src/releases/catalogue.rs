//! The list of releases: filtered, searched, sorted, and read page by page from where the last one ended.

use std::{fmt, str::FromStr};

use packer::{format::Format, group::GroupTag, kind::Kind};
use serde::{Deserialize, Serialize};

use super::{Listing, Releases, Status};
use crate::{
    BookId, GroupId, ReleaseId, StoreError, Timestamp, UserId,
    books::FindingCounts,
    cell::Value,
    connection::{Reads, list, number},
    fold::clip,
    placeholders::placeholders,
    row::{CellError, Record, Row},
    statement::{Statement, composed},
    terms::{TERM_CHARACTERS, WORDS_OF_A_SEARCH, terms},
    word::words,
};

words! {
    /// What the list is sorted by. Equal ones follow each other by their ids, so that every page has its place.
    ReleaseSort, "sort order" {
        /// The last change.
        Updated = "updated",
        /// When it was made.
        Created = "created",
        /// The title, in the form to sort by.
        Title = "title",
        /// The release name; those without come first.
        Name = "name",
    }
}

impl ReleaseSort {
    fn column(self) -> &'static str {
        match self {
            Self::Updated => "r.updated_at",
            Self::Created => "r.created_at",
            Self::Title => "r.sort_title",
            Self::Name => "r.sort_name",
        }
    }
}

/// Which releases the list has. The empty filter has them all.
#[derive(Debug, Clone, Default)]
pub struct ReleaseFilter {
    /// Words of title, authors, ISBN or name; all must be there, the last one may be a beginning. Without any letter or
    /// digit it filters nothing. Words beyond [`WORDS_OF_A_SEARCH`] do not count.
    pub search: Option<String>,
    /// Any of these; empty means any at all.
    pub status: Vec<Status>,
    /// Published by this group.
    pub group: Option<GroupId>,
    /// Of this format.
    pub format: Option<Format>,
    /// With this BCP 47 tag, exactly.
    pub language: Option<String>,
    /// Of this year.
    pub year: Option<u16>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// With this rights basis: its word, or an SPDX id.
    pub rights: Option<String>,
    /// Made by this user.
    pub created_by: Option<UserId>,
}

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

/// One line of the list: the release with what it shows of its book and its group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleaseSummary {
    /// Which.
    pub id: ReleaseId,
    /// Of which book.
    pub book_id: BookId,
    /// The name its book came with.
    pub file_name: String,
    /// The bytes of its book.
    pub book_size: u64,
    /// True when its book has a cover.
    pub has_cover: bool,
    /// How many findings its book has, before a profile has had its say.
    pub findings: FindingCounts,
    /// Who publishes it.
    pub group_id: Option<GroupId>,
    /// The group's tag.
    pub group_tag: Option<GroupTag>,
    /// The profile's name.
    pub profile: String,
    /// The word of its rights basis.
    pub rights_basis: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Why it was refused or failed: a code.
    pub refusal: Option<String>,
    /// The revision, counted from 1.
    pub revision: u32,
    /// Raised by each change.
    pub version: i64,
    /// Its name, from an accepted pack on.
    pub name: Option<String>,
    /// Title, authors and the rest.
    pub listing: Listing,
    /// Who made it.
    pub created_by: UserId,
    /// Their name for others to see.
    pub created_by_name: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When its package was made.
    pub packed_at: Option<Timestamp>,
    sort_name: String,
}

impl ReleaseSummary {
    fn cursor(&self, sort: ReleaseSort) -> ReleaseCursor {
        let key = match sort {
            ReleaseSort::Updated => SortKey::Time(self.updated_at),
            ReleaseSort::Created => SortKey::Time(self.created_at),
            ReleaseSort::Title => SortKey::Text(self.listing.sort_title.clone()),
            ReleaseSort::Name => SortKey::Text(self.sort_name.clone()),
        };
        ReleaseCursor { key, id: self.id }
    }
}

impl Record for ReleaseSummary {
    const TABLE: &'static str = "releases";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            id: row.get("id")?,
            book_id: row.get("book_id")?,
            file_name: row.get("file_name")?,
            book_size: row.get("book_size")?,
            has_cover: row.optional::<String>("cover_sha256")?.is_some(),
            findings: FindingCounts::new(),
            group_id: row.optional("group_id")?,
            group_tag: row.optional("group_tag")?,
            profile: row.get("profile")?,
            rights_basis: row.optional("rights_basis")?,
            status: row.get("status")?,
            refusal: row.optional("refusal")?,
            revision: row.get("revision")?,
            version: row.get("version")?,
            name: row.optional("name")?,
            listing: Listing::read(row)?,
            created_by: row.get("created_by")?,
            created_by_name: row.get("created_by_name")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            packed_at: row.optional("packed_at")?,
            sort_name: row.get("sort_name")?,
        })
    }
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleasePage {
    /// In the order that was asked for.
    pub items: Vec<ReleaseSummary>,
    /// Where the next page begins; absent on the last one.
    pub next: Option<ReleaseCursor>,
}

impl<C: Reads> Releases<C> {
    /// A page of at most `limit` releases, from where the last one ended. A cursor of another order begins anew: see
    /// [`ReleaseCursor::fits`]. Two statements, whatever the limit.
    pub async fn list(
        mut self,
        filter: &ReleaseFilter,
        sort: ReleaseSort,
        descending: bool,
        after: Option<&ReleaseCursor>,
        limit: u32,
    ) -> Result<ReleasePage, StoreError> {
        let query = page(filter, sort, descending, after, limit);
        let mut items = list::<ReleaseSummary>(&mut self.0, query).await?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > wanted;
        items.truncate(wanted);
        let next = items.last().filter(|_| more).map(|last| last.cursor(sort));
        let books: Vec<BookId> = items.iter().map(|item| item.book_id).collect();
        let counts = crate::books::Books(self.0).count_findings(&books).await?;
        for item in &mut items {
            item.findings = counts.get(&item.book_id).cloned().unwrap_or_default();
        }
        Ok(ReleasePage { items, next })
    }

    /// How many releases a filter has.
    pub async fn count(mut self, filter: &ReleaseFilter) -> Result<u64, StoreError> {
        let (conditions, values) = conditions(filter);
        let query = composed(format!("SELECT COUNT(*) AS number FROM releases r{}", wherever(&conditions)));
        number(&mut self.0, query.bind_all(values)).await
    }

    /// How the engine would read a page, a line for each step: for tests of the indexes, on SQLite.
    #[doc(hidden)]
    pub async fn explain_list(
        mut self,
        filter: &ReleaseFilter,
        sort: ReleaseSort,
        descending: bool,
        after: Option<&ReleaseCursor>,
    ) -> Result<Vec<String>, StoreError> {
        let query = page(filter, sort, descending, after, 50).explained();
        let rows = self.0.rows(query).await?;
        let steps = rows.iter().map(Step::from_row);
        steps.map(|step| step.map(|step| step.0)).collect()
    }
}

/// A step of a plan.
struct Step(String);

impl Record for Step {
    const TABLE: &'static str = "plan";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self(row.get("detail")?))
    }
}

/// The statement of a page: one more than the limit, to know whether there is a next one.
fn page(
    filter: &ReleaseFilter,
    sort: ReleaseSort,
    descending: bool,
    after: Option<&ReleaseCursor>,
    limit: u32,
) -> Statement {
    let (mut conditions, mut values) = conditions(filter);
    let column = sort.column();
    let (beyond, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
    if let Some(cursor) = after.filter(|cursor| cursor.fits(sort)) {
        // `(column, id) < (?, ?)` written out: no engine but one uses an index for the short form. The first half alone
        // gives the range of the index, the second one takes off what the last page had.
        conditions.push(format!("{column} {beyond}= ? AND ({column} {beyond} ? OR r.id {beyond} ?)"));
        let key = match &cursor.key {
            SortKey::Time(time) => Value::from(*time),
            SortKey::Text(text) => Value::from(text),
        };
        values.extend([key.clone(), key, Value::from(cursor.id)]);
    }
    let query = composed(format!(
        "SELECT r.id, r.book_id, b.file_name, b.size AS book_size, b.cover_sha256, r.group_id, g.tag AS group_tag, \
         r.profile, r.rights_basis, r.status, r.refusal, r.revision, r.version, r.name, r.sort_name, r.title, \
         r.sort_title, r.authors, r.language, r.format, r.kind, r.source, r.year, r.isbn, r.created_by, \
         u.display_name AS created_by_name, r.created_at, r.updated_at, r.packed_at FROM releases r \
         JOIN books b ON b.id = r.book_id JOIN users u ON u.id = r.created_by \
         LEFT JOIN release_groups g ON g.id = r.group_id{} ORDER BY {column} {direction}, r.id {direction} LIMIT ?",
        wherever(&conditions)
    ));
    query.bind_all(values).bind(i64::from(limit) + 1)
}

fn wherever(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
}

/// The conditions of a filter, constants all of them, and the values of their placeholders in order.
pub(super) fn conditions(filter: &ReleaseFilter) -> (Vec<String>, Vec<Value>) {
    let mut conditions = Vec::new();
    let mut values = Vec::new();
    if !filter.status.is_empty() {
        conditions.push(format!("r.status IN ({})", placeholders(filter.status.len())));
        values.extend(filter.status.iter().map(Value::from));
    }
    let equal = [
        ("r.group_id = ?", filter.group.map(Value::from)),
        ("r.format = ?", filter.format.map(Value::from)),
        ("r.language = ?", filter.language.as_ref().map(Value::from)),
        ("r.year = ?", filter.year.map(Value::from)),
        ("r.kind = ?", filter.kind.map(Value::from)),
        ("r.rights_basis = ?", filter.rights.as_ref().map(Value::from)),
        ("r.created_by = ?", filter.created_by.map(Value::from)),
    ];
    for (condition, value) in equal {
        if let Some(value) = value {
            conditions.push(condition.to_owned());
            values.push(value);
        }
    }
    let words: Vec<String> =
        filter.search.as_deref().map(|search| terms(search).take(WORDS_OF_A_SEARCH).collect()).unwrap_or_default();
    if let Some((last, whole)) = words.split_last() {
        for word in whole {
            conditions
                .push("EXISTS (SELECT 1 FROM release_terms t WHERE t.release_id = r.id AND t.term = ?)".to_owned());
            values.push(Value::from(word));
        }
        // Terms are of letters and digits, so everything that begins so lies before `{`.
        conditions.push(
            "EXISTS (SELECT 1 FROM release_terms t WHERE t.release_id = r.id AND t.term >= ? AND t.term < ?)"
                .to_owned(),
        );
        let last = clip(last, TERM_CHARACTERS);
        values.extend([Value::from(last), Value::Text(format!("{last}{{"))]);
    }
    (conditions, values)
}
