//! What changes a release.

use std::collections::BTreeSet;

use packer::{date::ReleaseDate, metadata::Overrides, rights::RightsBasis, volume_id::VolumeId};

use super::{Listing, NewRelease, Release, Releases, Status, claimed_volume};
use crate::{
    BookId, GroupId, ReleaseId, StoreError, Timestamp, Transaction,
    cell::{Json, Value},
    connection::{list, optional},
    fold::{clip, fold},
    placeholders::{ROWS_AT_ONCE, placeholder_rows},
    row::Number,
    statement::{Statement, composed, statement},
    terms::{TERMS_OF_A_RELEASE, terms},
};

/// Characters of title and authors that the catalogue keeps: the whole text is with the book and the overrides.
const TEXT_CHARACTERS: usize = 1_000;
/// Characters of the form to sort by; an index of MySQL holds at most 3 072 bytes.
const SORT_TITLE_CHARACTERS: usize = 200;
/// Characters of a name. A release name has at most 243.
const NAME_CHARACTERS: usize = 255;
/// Characters of a language tag that are kept, after RFC 5646 §4.4.1.
const LANGUAGE_CHARACTERS: usize = 35;
/// Characters of an ISBN that are kept, hyphens included.
const ISBN_CHARACTERS: usize = 20;

/// What came of a change that its maker based on a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It is stored.
    Saved {
        /// The version it made.
        version: i64,
    },
    /// Somebody else changed the release first. Nothing was stored.
    Meanwhile {
        /// The version they made.
        version: i64,
    },
    /// There is no such release.
    Gone,
}

/// Everything of a release that a person edits.
#[derive(Debug, Clone)]
pub struct ReleaseEdit {
    /// Who publishes it.
    pub group_id: Option<GroupId>,
    /// The profile's name, at most 100 characters.
    pub profile: String,
    /// What the person set.
    pub overrides: Overrides,
    /// On what ground it may be published.
    pub rights_basis: Option<RightsBasis>,
    /// The note to it.
    pub rights_note: Option<String>,
    /// Every timestamp in its package.
    pub release_date: ReleaseDate,
    /// What the catalogue shows with all that.
    pub listing: Listing,
}

/// The name that a release takes for itself when it is packed.
#[derive(Debug, Clone)]
pub struct NameClaim {
    /// The release name, unique in the group whatever its case.
    pub name: String,
    /// The base of the volume names, where the layout has volumes: unique in group and release year.
    pub volume_id: Option<VolumeId>,
    /// The bytes that the package will have: they count for the group while it is being made.
    pub bytes: u64,
}

impl Releases<&mut Transaction> {
    /// Adds a release, as revision 1 and version 1.
    pub async fn add(self, release: &NewRelease, now: Timestamp) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO releases (title, sort_title, authors, language, format, kind, source, year, isbn, id, \
             book_id, group_id, profile, overrides, release_date, status, revision, version, sort_name, created_by, \
             created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, '', ?, ?, ?)",
        );
        let insert = bind_listing(insert, &release.listing)
            .bind(release.id)
            .bind(release.book_id)
            .bind(release.group_id)
            .bind(&release.profile)
            .bind(Json(&Overrides::default()))
            .bind(release.release_date)
            .bind(release.status)
            .bind(release.created_by)
            .bind(now)
            .bind(now);
        self.0.execute(insert).await?;
        set_terms(self.0, release.id, &release.listing, None).await
    }

    /// The release with an id, which stays as it is until the transaction ends.
    pub async fn hold(self, id: ReleaseId) -> Result<Option<Release>, StoreError> {
        let mut source = self.0;
        optional(&mut source, statement("SELECT * FROM releases WHERE id = ?").bind(id).locking()).await
    }

    /// The releases of a book, which stay as they are until the transaction ends.
    pub async fn hold_of_book(self, book: BookId) -> Result<Vec<Release>, StoreError> {
        let mut source = self.0;
        list(&mut source, statement("SELECT * FROM releases WHERE book_id = ? ORDER BY id").bind(book).locking()).await
    }

    /// Keeps what a person edited, when the release still has the version that they saw.
    pub async fn edit(
        self,
        id: ReleaseId,
        seen: i64,
        edit: &ReleaseEdit,
        now: Timestamp,
    ) -> Result<Changed, StoreError> {
        let update = statement(
            "UPDATE releases SET title = ?, sort_title = ?, authors = ?, language = ?, format = ?, kind = ?, \
             source = ?, year = ?, isbn = ?, group_id = ?, profile = ?, overrides = ?, rights_basis = ?, \
             rights_note = ?, release_date = ?, corrects_folded = ?, updated_at = ?, version = version + 1 \
             WHERE id = ? AND version = ?",
        );
        let update = bind_listing(update, &edit.listing)
            .bind(edit.group_id)
            .bind(&edit.profile)
            .bind(Json(&edit.overrides))
            .bind(edit.rights_basis.as_ref())
            .bind(edit.rights_note.as_deref())
            .bind(edit.release_date)
            .bind(edit.overrides.corrects.as_deref().map(fold))
            .bind(now);
        let outcome = guarded(self.0, update, id, seen).await?;
        if matches!(outcome, Changed::Saved { .. }) {
            set_terms(self.0, id, &edit.listing, None).await?;
        }
        Ok(outcome)
    }

    /// Keeps where a release stands after its book was inspected, and what the catalogue shows of it now.
    pub async fn record_inspected(
        self,
        id: ReleaseId,
        seen: i64,
        status: Status,
        refusal: Option<&str>,
        listing: &Listing,
        now: Timestamp,
    ) -> Result<Changed, StoreError> {
        let update = statement(
            "UPDATE releases SET title = ?, sort_title = ?, authors = ?, language = ?, format = ?, kind = ?, \
             source = ?, year = ?, isbn = ?, status = ?, refusal = ?, updated_at = ?, version = version + 1 \
             WHERE id = ? AND version = ?",
        );
        let update = bind_listing(update, listing).bind(status).bind(refusal).bind(now);
        let outcome = guarded(self.0, update, id, seen).await?;
        if matches!(outcome, Changed::Saved { .. }) {
            set_terms(self.0, id, listing, None).await?;
        }
        Ok(outcome)
    }

    /// Takes name and volume id for a release and marks it as packing. Both are unique within the release's group, so
    /// the caller makes sure that it has one: without a group nothing is taken from anybody.
    ///
    /// [`Constraint::ReleaseName`](crate::Constraint::ReleaseName) or
    /// [`Constraint::VolumeId`](crate::Constraint::VolumeId) when another release of the group holds them; of two that
    /// take the same one gets it.
    pub async fn begin_packing(
        self,
        id: ReleaseId,
        seen: i64,
        claim: &NameClaim,
        now: Timestamp,
    ) -> Result<Changed, StoreError> {
        let mut source = self.0;
        let held = statement("SELECT * FROM releases WHERE id = ?").bind(id).locking();
        let Some(release) = optional::<Release>(&mut source, held).await? else { return Ok(Changed::Gone) };
        let volume = claim.volume_id.as_ref().map(|volume_id| claimed_volume(release.release_date, volume_id));
        let update = statement(
            "UPDATE releases SET status = ?, refusal = NULL, name = ?, sort_name = ?, claimed_name_folded = ?, \
             volume_id = ?, claimed_volume = ?, reserved_bytes = ?, updated_at = ?, version = version + 1 \
             WHERE id = ? AND version = ?",
        )
        .bind(Status::Packing)
        .bind(&claim.name)
        .bind(clip(&fold(&claim.name), NAME_CHARACTERS))
        .bind(fold(&claim.name))
        .bind(claim.volume_id.as_ref())
        .bind(volume)
        .bind(claim.bytes)
        .bind(now);
        let outcome = guarded(source, update, id, seen).await?;
        if matches!(outcome, Changed::Saved { .. }) {
            set_terms(source, id, &release.listing, Some(&claim.name)).await?;
        }
        Ok(outcome)
    }

    /// Marks a release as packed. False when it was not being packed.
    pub async fn finish_packing(self, id: ReleaseId, now: Timestamp) -> Result<bool, StoreError> {
        let update = statement(
            "UPDATE releases SET status = ?, packed_at = ?, reserved_bytes = NULL, updated_at = ?, version = version + 1 \
             WHERE id = ? AND status = ?",
        );
        let update = update.bind(Status::Packed).bind(now).bind(now).bind(id).bind(Status::Packing);
        Ok(self.0.execute(update).await? > 0)
    }

    /// Gives name and volume id back after packing came to nothing: others may take them. `status` says where the
    /// release stands now, `refusal` why. False when it was not being packed.
    pub async fn give_up_packing(
        self,
        id: ReleaseId,
        status: Status,
        refusal: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut source = self.0;
        let update = statement(
            "UPDATE releases SET status = ?, refusal = ?, name = NULL, sort_name = '', claimed_name_folded = NULL, \
             volume_id = NULL, claimed_volume = NULL, reserved_bytes = NULL, updated_at = ?, version = version + 1 \
             WHERE id = ? AND status = ?",
        );
        let update = update.bind(status).bind(refusal).bind(now).bind(id).bind(Status::Packing);
        if source.execute(update).await? == 0 {
            return Ok(false);
        }
        let release = statement("SELECT * FROM releases WHERE id = ?").bind(id);
        if let Some(release) = optional::<Release>(&mut source, release).await? {
            set_terms(source, id, &release.listing, None).await?;
        }
        Ok(true)
    }

    /// Forgets a release with its packages, jobs and terms. False when there is no such release. The book stays.
    pub async fn delete(self, id: ReleaseId) -> Result<bool, StoreError> {
        Ok(self.0.execute(statement("DELETE FROM releases WHERE id = ?").bind(id)).await? > 0)
    }
}

/// Binds the nine columns of a listing: title, sort_title, authors, language, format, kind, source, year, isbn.
fn bind_listing(statement: Statement, listing: &Listing) -> Statement {
    statement
        .bind(clip(&listing.title, TEXT_CHARACTERS))
        .bind(clip(&fold(&listing.sort_title), SORT_TITLE_CHARACTERS).trim_end())
        .bind(clip(&listing.authors, TEXT_CHARACTERS))
        .bind(listing.language.as_deref().map(|language| clip(language, LANGUAGE_CHARACTERS)))
        .bind(listing.format)
        .bind(listing.kind)
        .bind(listing.source)
        .bind(listing.year)
        .bind(listing.isbn.as_deref().map(|isbn| clip(isbn, ISBN_CHARACTERS)))
}

/// Runs an update that ends in `WHERE id = ? AND version = ?`, and tells why it found nothing.
async fn guarded(
    mut source: &mut Transaction,
    update: Statement,
    id: ReleaseId,
    seen: i64,
) -> Result<Changed, StoreError> {
    if source.execute(update.bind(id).bind(seen)).await? > 0 {
        return Ok(Changed::Saved { version: seen + 1 });
    }
    let version = statement("SELECT version AS number FROM releases WHERE id = ?").bind(id);
    let version = optional::<Number>(&mut source, version).await?;
    Ok(version.map_or(Changed::Gone, |version| Changed::Meanwhile { version: version.0 }))
}

/// Replaces the terms that a release is found by.
async fn set_terms(
    source: &mut Transaction,
    id: ReleaseId,
    listing: &Listing,
    name: Option<&str>,
) -> Result<(), StoreError> {
    source.execute(statement("DELETE FROM release_terms WHERE release_id = ?").bind(id)).await?;
    let texts = [Some(&*listing.title), Some(&*listing.authors), listing.isbn.as_deref(), name];
    let mut found = BTreeSet::new();
    for term in texts.into_iter().flatten().flat_map(terms) {
        if found.len() == TERMS_OF_A_RELEASE {
            break;
        }
        found.insert(term);
    }
    let found: Vec<String> = found.into_iter().collect();
    for rows in found.chunks(ROWS_AT_ONCE) {
        let insert = composed(format!(
            "INSERT INTO release_terms (term, release_id) VALUES {}",
            placeholder_rows(rows.len(), 2)
        ));
        let values = rows.iter().flat_map(|term| [Value::from(term), Value::from(id)]);
        source.execute(insert.bind_all(values)).await?;
    }
    Ok(())
}
