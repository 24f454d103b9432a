//! Releases: as stored, as changed, as listed.

mod catalogue;
mod changes;
mod cursor;
mod overview;
mod plan;
mod route;
mod visibility;

pub use catalogue::{COUNTED, ReleaseFilter, ReleasePage, ReleaseSort, ReleaseSummary};
pub use changes::{Changed, NameClaim, ReleaseEdit};
pub use cursor::{CursorError, ReleaseCursor, SortKey};
pub use overview::{Tally, WEEK, monday};
pub use visibility::VisibleTo;

use std::collections::BTreeMap;

use packer::{
    date::ReleaseDate,
    format::Format,
    hash::Sha256,
    kind::{Kind, Source},
    metadata::Overrides,
    rights::RightsBasis,
    volume_id::VolumeId,
};
use serde::Serialize;

use crate::{
    BookId, GroupId, ReleaseId, StoreError, Timestamp, UserId,
    cell::Json,
    connection::{Reads, list, optional},
    fold,
    placeholders::{VALUES_AT_ONCE, placeholders},
    row::{CellError, Record, Row, Word},
    statement::{composed, statement},
    word::words,
};

words! {
    /// Where a release stands.
    Status, "status" {
        /// Its book is being read.
        Inspecting = "inspecting",
        /// It can be edited and packed.
        Draft = "draft",
        /// Its book is refused.
        Refused = "refused",
        /// A package is being made; its name is claimed.
        Packing = "packing",
        /// It has a package.
        Packed = "packed",
        /// Packing failed; it can be tried again.
        Failed = "failed",
    }
}

/// A release as stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Release {
    /// Which.
    pub id: ReleaseId,
    /// Of which book.
    pub book_id: BookId,
    /// Who publishes it; absent while nobody has said it.
    pub group_id: Option<GroupId>,
    /// The profile's name, at most 100 characters.
    pub profile: String,
    /// What a person set.
    pub overrides: Overrides,
    /// On what ground it may be published; absent while nobody has said it.
    pub rights_basis: Option<RightsBasis>,
    /// The note to it.
    pub rights_note: Option<String>,
    /// Every timestamp in its package.
    pub release_date: ReleaseDate,
    /// Where it stands.
    pub status: Status,
    /// Why it was refused or failed: a code.
    pub refusal: Option<String>,
    /// The revision that the next or present package has, counted from 1.
    pub revision: u32,
    /// Raised by each change.
    pub version: i64,
    /// Its name, from an accepted pack on.
    pub name: Option<String>,
    /// The base of its volume names, where it has volumes, from an accepted pack on.
    pub volume_id: Option<VolumeId>,
    /// What the catalogue shows of it.
    pub listing: Listing,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When its package was made.
    pub packed_at: Option<Timestamp>,
}

/// What the catalogue shows and searches of a release: derived from book and overrides by whoever changes either.
///
/// It comes from books, so nothing in it is trusted to be short: what is longer than a column holds is cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// The title.
    pub title: String,
    /// The form of the title to sort by; folded and cut when stored.
    pub sort_title: String,
    /// The authors in one text.
    pub authors: String,
    /// A BCP 47 tag.
    pub language: Option<String>,
    /// The book's format, once it is known.
    pub format: Option<Format>,
    /// The kind of publication.
    pub kind: Kind,
    /// Where the file came from.
    pub source: Source,
    /// The year of the edition.
    pub year: Option<u16>,
    /// ISBN-13 without hyphens.
    pub isbn: Option<String>,
}

/// A release to come.
#[derive(Debug, Clone)]
pub struct NewRelease {
    /// Which.
    pub id: ReleaseId,
    /// Of which book.
    pub book_id: BookId,
    /// Who publishes it, when it is known already.
    pub group_id: Option<GroupId>,
    /// The profile's name, at most 100 characters.
    pub profile: String,
    /// Every timestamp in its package.
    pub release_date: ReleaseDate,
    /// Where it stands.
    pub status: Status,
    /// What the catalogue shows until the book is read.
    pub listing: Listing,
    /// Who made it.
    pub created_by: UserId,
}

impl Record for Listing {
    const TABLE: &'static str = "releases";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            title: row.get("title")?,
            sort_title: row.get("sort_title")?,
            authors: row.get("authors")?,
            language: row.optional("language")?,
            format: row.optional("format")?,
            kind: row.get("kind")?,
            source: row.get("source")?,
            year: row.optional("year")?,
            isbn: row.optional("isbn")?,
        })
    }
}

impl Record for Release {
    const TABLE: &'static str = "releases";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            id: row.get("id")?,
            book_id: row.get("book_id")?,
            group_id: row.optional("group_id")?,
            profile: row.get("profile")?,
            overrides: row.get::<Json<_>>("overrides")?.0,
            rights_basis: row.optional("rights_basis")?,
            rights_note: row.optional("rights_note")?,
            release_date: row.get("release_date")?,
            status: row.get("status")?,
            refusal: row.optional("refusal")?,
            revision: row.get("revision")?,
            version: row.get("version")?,
            name: row.optional("name")?,
            volume_id: row.optional("volume_id")?,
            listing: Listing::read(row)?,
            created_by: row.get("created_by")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            packed_at: row.optional("packed_at")?,
        })
    }
}

/// What a release is called.
struct TitleRow {
    id: ReleaseId,
    text: String,
}

impl Record for TitleRow {
    const TABLE: &'static str = "releases";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { id: row.get("id")?, text: row.get("text")? })
    }
}

/// Which release holds a name.
struct HolderRow {
    id: ReleaseId,
    group: GroupId,
    name: String,
}

impl Record for HolderRow {
    const TABLE: &'static str = "releases";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { id: row.get("id")?, group: row.get("group_id")?, name: row.get("claimed_name_folded")? })
    }
}

/// What `claimed_volume` holds: the server keeps volume ids unique for group and release year.
fn claimed_volume(date: ReleaseDate, volume_id: &VolumeId) -> String {
    format!("{:04}:{volume_id}", date.year())
}

/// Releases, read through a store or a transaction.
#[derive(Debug)]
pub struct Releases<C>(pub(crate) C);

impl<C: Reads> Releases<C> {
    /// The release with an id.
    pub async fn lookup(mut self, id: ReleaseId) -> Result<Option<Release>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM releases WHERE id = ?").bind(id)).await
    }

    /// The releases with these ids, in no order. One statement for a page of them.
    pub async fn list_by_ids(mut self, ids: &[ReleaseId]) -> Result<Vec<Release>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(VALUES_AT_ONCE) {
            let query = composed(format!("SELECT * FROM releases WHERE id IN ({})", placeholders(ids.len())));
            found.extend(list(&mut self.0, query.bind_all(ids)).await?);
        }
        Ok(found)
    }

    /// Who holds which of these names in these groups, by group and folded name. One statement for a page of names.
    pub async fn holders(
        mut self,
        groups: &[GroupId],
        names: &[String],
    ) -> Result<BTreeMap<(GroupId, String), ReleaseId>, StoreError> {
        let mut holders = BTreeMap::new();
        if groups.is_empty() {
            return Ok(holders);
        }
        for names in names.chunks(VALUES_AT_ONCE) {
            let query = composed(format!(
                "SELECT id, group_id, claimed_name_folded FROM releases \
                 WHERE group_id IN ({}) AND claimed_name_folded IN ({})",
                placeholders(groups.len()),
                placeholders(names.len())
            ));
            let names = names.iter().map(|name| fold(name)).collect::<Vec<_>>();
            let rows = list::<HolderRow>(&mut self.0, query.bind_all(groups).bind_all(&names)).await?;
            holders.extend(rows.into_iter().map(|row| ((row.group, row.name), row.id)));
        }
        Ok(holders)
    }

    /// The release of a group that holds a name, whatever its case.
    pub async fn find_by_name(mut self, group: GroupId, name: &str) -> Result<Option<Release>, StoreError> {
        let holder = statement("SELECT * FROM releases WHERE group_id = ? AND claimed_name_folded = ?");
        optional(&mut self.0, holder.bind(group).bind(fold(name))).await
    }

    /// The releases of a group that correct the one with a name, whatever its case, the oldest first.
    pub async fn list_correcting(mut self, group: GroupId, name: &str) -> Result<Vec<Release>, StoreError> {
        let found = statement("SELECT * FROM releases WHERE group_id = ? AND corrects_folded = ? ORDER BY id");
        list(&mut self.0, found.bind(group).bind(fold(name))).await
    }

    /// The release of a group that holds a volume id in the year of a date.
    pub async fn find_by_volume_id(
        mut self,
        group: GroupId,
        date: ReleaseDate,
        volume_id: &VolumeId,
    ) -> Result<Option<Release>, StoreError> {
        let holder = statement("SELECT * FROM releases WHERE group_id = ? AND claimed_volume = ?");
        optional(&mut self.0, holder.bind(group).bind(claimed_volume(date, volume_id))).await
    }

    /// The releases of a book, the oldest first.
    pub async fn list_of_book(mut self, book: BookId) -> Result<Vec<Release>, StoreError> {
        list(&mut self.0, statement("SELECT * FROM releases WHERE book_id = ? ORDER BY id").bind(book)).await
    }

    /// The newest releases, at most `limit`, whose book has the same bytes, but for refused ones; where somebody is named,
    /// only what they see.
    pub async fn list_of_bytes(
        mut self,
        sha256: &Sha256,
        visible_to: Option<&VisibleTo>,
        limit: u32,
    ) -> Result<Vec<Release>, StoreError> {
        let (condition, values) = visible_to.map(VisibleTo::condition).unzip();
        let condition = condition.map(|condition| format!(" AND {condition}")).unwrap_or_default();
        let query = composed(format!(
            "SELECT r.* FROM books b JOIN releases r ON r.book_id = b.id WHERE b.sha256 = ? AND r.status <> ?{condition} \
             ORDER BY r.id DESC LIMIT ?"
        ));
        let query = query.bind(sha256).bind(Status::Refused).bind_all(values.unwrap_or_default());
        list(&mut self.0, query.bind(i64::from(limit))).await
    }

    /// The name of each of these releases, or its title while it has none. One statement for a page of jobs.
    pub async fn titles(mut self, ids: &[ReleaseId]) -> Result<BTreeMap<ReleaseId, String>, StoreError> {
        let mut titles = BTreeMap::new();
        for ids in ids.chunks(VALUES_AT_ONCE) {
            let query = composed(format!(
                "SELECT id, COALESCE(name, title) AS text FROM releases WHERE id IN ({})",
                placeholders(ids.len())
            ));
            let rows = list::<TitleRow>(&mut self.0, query.bind_all(ids)).await?;
            titles.extend(rows.into_iter().map(|row| (row.id, row.text)));
        }
        Ok(titles)
    }

    /// The terms that a release is found by, in order.
    pub async fn terms(mut self, id: ReleaseId) -> Result<Vec<String>, StoreError> {
        let terms = statement("SELECT term AS text FROM release_terms WHERE release_id = ? ORDER BY term").bind(id);
        Ok(list::<Word>(&mut self.0, terms).await?.into_iter().map(|word| word.0).collect())
    }
}
