//! Releases: from a book to a package.

mod beginning;
mod changes;
mod corrections;
mod deletion;
mod inspections;
mod lookup;
mod overview;
mod packing;
mod preview;
mod query;
mod stored;
mod view;

use std::sync::Arc;

use packer::{
    date::ReleaseDate, metadata::Field, name::of_book::Chosen, overrides, profile::Profile, rights::RightsBasis,
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;
use store::{
    GroupId, JobId, ReleaseId,
    audit::AuditAction,
    releases::{Changed, Listing, ReleaseCursor, ReleaseEdit},
};

pub(crate) use self::{
    beginning::profile as profile_of_new,
    deletion::{remove, remove_unused},
    inspections::Inspections,
    packing::{GivenUp, give_up},
    stored::{Stored, scheme, today},
};
use self::{changes::Changes, stored::stored_rights};
pub use self::{
    corrections::Revision,
    overview::Overview,
    query::{ReleaseQuery, Sort},
    view::{Book, BookCover, Cover, Preview, Problem, Refusal, Release, ReleaseSummary, Status},
};
use crate::{
    actor::Actor,
    audit::Change,
    events::{Event, Topic},
    failure::{Failure, FailureKind},
    jobs::JobState,
    page::{self, Cursor, Page},
    permissions::{Action, Resource},
    services::Services,
};

/// Releases that are packed by one request: what a page shows, twice.
const MOST_AT_ONCE: usize = 200;

/// One field with new values. None at all: take it from the book again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldChange {
    /// Which field.
    pub field: Field,
    /// The values; only a plural field takes several. Empty texts are left out.
    pub values: Vec<String>,
}

/// The rights basis as a form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RightsInput {
    /// `own-work`, `permission`, `public-domain` or an SPDX id; an empty text takes it back.
    pub basis: String,
    /// The note.
    #[serde(default)]
    pub note: Option<String>,
}

/// Values that are not saved yet, for the live preview. What is absent stays as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    /// Changed fields.
    pub changes: Vec<FieldChange>,
    /// Another group, or none.
    #[serde(deserialize_with = "present")]
    pub group: Option<Option<GroupId>>,
    /// Another profile, by name.
    pub profile: Option<String>,
    /// Another rights basis.
    pub rights: Option<RightsInput>,
    /// Another release date.
    pub release_date: Option<ReleaseDate>,
}

/// A change to a release. What is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Edit {
    /// The version that the person saw; when it is no longer the stored one, nothing is changed.
    pub expected_version: Option<i64>,
    /// Changed fields.
    pub changes: Vec<FieldChange>,
    /// Another group, or none.
    #[serde(deserialize_with = "present")]
    pub group: Option<Option<GroupId>>,
    /// Another profile, by name.
    pub profile: Option<String>,
    /// Another rights basis.
    pub rights: Option<RightsInput>,
    /// Another release date.
    pub release_date: Option<ReleaseDate>,
}

impl From<Draft> for Edit {
    fn from(draft: Draft) -> Self {
        let Draft { changes, group, profile, rights, release_date } = draft;
        Self { expected_version: None, changes, group, profile, rights, release_date }
    }
}

/// JSON's `null` says "none"; only an absent member says "unchanged".
#[expect(clippy::option_option, reason = "unchanged, none and some are three things")]
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<GroupId>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The use cases of releases.
#[derive(Debug, Clone, Copy)]
pub struct Releases<'a> {
    pub(crate) services: &'a Services,
}

impl Releases<'_> {
    /// What decides the name that a book gets before anybody has chosen anything: a page can tell it before the book is
    /// here.
    pub fn chosen_for_new(&self) -> Result<Chosen, Failure> {
        beginning::chosen(self.services)
    }

    /// Releases, page by page.
    ///
    /// # Errors
    /// `Invalid` on `after`.
    pub async fn list(&self, actor: &Actor, query: &ReleaseQuery) -> Result<Page<ReleaseSummary>, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let invalid = || Failure::invalid("after", "invalid");
        let after = query.after.as_ref().map(|cursor| cursor.0.parse::<ReleaseCursor>());
        let after = after.transpose().map_err(|_| invalid())?;
        if after.as_ref().is_some_and(|cursor| !cursor.fits(query.sort)) {
            return Err(invalid());
        }
        let filter = query.filter(actor);
        let store = self.services.store();
        let limit = page::limit(query.limit);
        // Counting reads every row that fits: once a list, not once a page.
        let (found, total) = if after.is_none() {
            store.releases().first_page(&filter, query.sort, query.descending, limit).await?
        } else {
            (store.releases().list(&filter, query.sort, query.descending, after.as_ref(), limit).await?, None)
        };
        let items = found.items.into_iter().map(ReleaseSummary::from).collect();
        Ok(Page { items, next: found.next.map(|cursor| Cursor(cursor.to_string())), total })
    }

    /// Everything about one release.
    pub async fn lookup(&self, actor: &Actor, id: ReleaseId) -> Result<Release, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let stored = Stored::seen_by(self.services, actor, id).await?;
        lookup::shown(self.services, stored).await
    }

    /// The package as it would be now. Missing data is said in it, never an error.
    pub async fn preview(&self, actor: &Actor, id: ReleaseId) -> Result<Preview, Failure> {
        self.preview_with(actor, id, &Draft::default()).await
    }

    /// The package as it would be with values that are not saved.
    pub async fn preview_with(&self, actor: &Actor, id: ReleaseId, draft: &Draft) -> Result<Preview, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let stored = Stored::seen_by(self.services, actor, id).await?;
        preview::preview(self.services, actor, stored, draft).await
    }

    /// The package as it would be under a profile that nobody has saved.
    pub(crate) async fn preview_under(
        &self,
        actor: &Actor,
        id: ReleaseId,
        profile: Arc<Profile>,
    ) -> Result<Preview, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let mut stored = Stored::seen_by(self.services, actor, id).await?;
        stored.profile = Some(profile);
        preview::preview(self.services, actor, stored, &Draft::default()).await
    }

    /// Changes a release.
    ///
    /// # Errors
    /// `Invalid` field by field; `Conflict` `changed-meanwhile` with `version`; `Conflict` `not-editable` with
    /// `status` while it is inspected or packed, and once it is packed or refused.
    pub async fn edit(&self, actor: &Actor, id: ReleaseId, edit: Edit) -> Result<Release, Failure> {
        actor.require(Resource::Releases, Action::Modify)?;
        let mut stored = Stored::seen_by(self.services, actor, id).await?;
        let inspection = stored.inspection.clone().filter(|_| packing::is_packable(stored.release.status));
        let inspection = inspection.ok_or_else(|| packing::not_in_status("not-editable", stored.release.status))?;
        let seen = edit.expected_version.unwrap_or(stored.release.version);
        let Edit { changes, group, profile, rights, release_date, .. } = edit;
        let draft = Draft { changes, group, profile, rights, release_date };
        let mut changes = Changes::read(self.services, actor, &draft).await?;
        let before = audited(&stored);
        for change in &draft.changes {
            if let Err(error) = overrides::put(&mut stored.release.overrides, change.field, &change.values) {
                changes.problems.push(changes::field_problem(&error));
            }
        }
        if !changes.problems.is_empty() {
            return Err(Failure::new(FailureKind::Invalid(changes.problems)));
        }
        let rights = changes.rights.unwrap_or_else(|| stored.rights());
        let (rights_basis, rights_note) = stored_rights(rights);
        stored.release.release_date = draft.release_date.unwrap_or(stored.release.release_date);
        let edit = ReleaseEdit {
            group_id: changes.group.map_or(stored.release.group_id, |group| group.map(|group| group.id)),
            profile: changes.profile.map_or_else(|| stored.release.profile.clone(), |profile| profile.name.clone()),
            listing: stored.listing(&inspection),
            overrides: stored.release.overrides,
            rights_basis,
            rights_note,
            release_date: stored.release.release_date,
        };
        let mut transaction = self.services.store().begin_write().await?;
        let held = transaction.releases().hold(id).await?.ok_or_else(|| Failure::not_found("release"))?;
        if !packing::is_packable(held.status) {
            return Err(packing::not_in_status("not-editable", held.status));
        }
        match transaction.releases().edit(id, seen, &edit, self.services.now()).await? {
            Changed::Saved { .. } => {}
            Changed::Meanwhile { version } => return Err(packing::changed_meanwhile(version)),
            Changed::Gone => return Err(Failure::not_found("release")),
        }
        let title = &edit.listing.title;
        let change = Change::new(AuditAction::Changed, Resource::Releases, id, title).between(before, written(&edit));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        let release = self.lookup(actor, id).await?;
        self.tell(&release.summary).await;
        Ok(release)
    }

    /// Has it packed. The name and the volume id are taken from here on.
    ///
    /// # Errors
    /// `Conflict` `name-taken` with `name` and `release`; `Conflict` `blocked` with `findings`; `Conflict`
    /// `not-packable` with `status`; `Invalid` on `group` or `rights` (`required`), or on a field; `Refused` `protected`.
    pub async fn pack(&self, actor: &Actor, id: ReleaseId) -> Result<JobId, Failure> {
        actor.require(Resource::Jobs, Action::Write)?;
        let job = self.enqueue_pack(actor, id).await?;
        self.services.jobs().changed(job, Some(id), JobState::Queued).await;
        Ok(job)
    }

    /// Has each of them packed that can be; what cannot be is said one by one.
    ///
    /// # Errors
    /// `Invalid` on `ids` when there are more than 200.
    pub async fn pack_ready(
        &self,
        actor: &Actor,
        ids: Vec<ReleaseId>,
    ) -> Result<Vec<(ReleaseId, Result<JobId, Failure>)>, Failure> {
        actor.require(Resource::Jobs, Action::Write)?;
        if ids.len() > MOST_AT_ONCE {
            return Err(Failure::invalid("ids", "too-many"));
        }
        let mut outcomes = Vec::with_capacity(ids.len());
        for id in ids {
            outcomes.push((id, self.pack(actor, id).await));
        }
        Ok(outcomes)
    }

    /// Has the latest package read again and compared with its checksums.
    ///
    /// # Errors
    /// `Conflict` `not-packed`.
    pub async fn verify(&self, actor: &Actor, id: ReleaseId) -> Result<JobId, Failure> {
        actor.require(Resource::Jobs, Action::Write)?;
        let job = self.enqueue_verify(actor, id).await?;
        self.services.jobs().changed(job, Some(id), JobState::Queued).await;
        Ok(job)
    }

    /// Deletes a release with its packages and, when no other release has it, its book.
    ///
    /// # Errors
    /// `Forbidden` for a packed one without an administrator; `Conflict` `job-running`.
    pub async fn delete(&self, actor: &Actor, id: ReleaseId) -> Result<(), Failure> {
        actor.require(Resource::Releases, Action::Delete)?;
        deletion::delete(self.services, actor, id).await?;
        self.services.events().tell(Event::of(Topic::Release, id).with_state("deleted")).await;
        Ok(())
    }

    /// The cover in the book, when there is one.
    pub async fn cover(&self, actor: &Actor, id: ReleaseId) -> Result<Option<Cover>, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let store = self.services.store();
        let release = actor.seen(store.releases().lookup(id).await?)?;
        let book = store.books().lookup(release.book_id).await?;
        let cover = book.and_then(|book| book.inspection).and_then(|inspection| inspection.cover);
        let Some(BookCover { sha256, media_type }) = cover.map(BookCover::from) else { return Ok(None) };
        let Some(size) = self.services.blobs().size(&sha256).await? else { return Ok(None) };
        let body = self.services.blobs().read(&sha256, 0..size).await?;
        Ok(Some(Cover { media_type, size, sha256, body }))
    }

    pub(crate) async fn tell(&self, summary: &ReleaseSummary) {
        let mut event = Event::of(Topic::Release, summary.id).with_state(summary.status.word());
        event.version = Some(summary.version);
        self.services.events().tell(event).await;
    }
}

/// What the audit log says of a release before a change.
fn audited(stored: &Stored) -> serde_json::Value {
    let release = &stored.release;
    let rights = (release.rights_basis.as_ref().map(RightsBasis::word), release.rights_note.as_deref());
    described(release.group_id, &release.profile, rights, release.release_date, &release.listing)
}

/// And after it.
fn written(edit: &ReleaseEdit) -> serde_json::Value {
    let rights = (edit.rights_basis.as_ref().map(RightsBasis::word), edit.rights_note.as_deref());
    described(edit.group_id, &edit.profile, rights, edit.release_date, &edit.listing)
}

fn described(
    group: Option<GroupId>,
    profile: &str,
    (rights, note): (Option<&str>, Option<&str>),
    date: ReleaseDate,
    listing: &Listing,
) -> serde_json::Value {
    json!({
        "group": group,
        "profile": profile,
        "rights": rights,
        "rights_note": note,
        "release_date": date,
        "title": listing.title,
        "authors": listing.authors,
        "language": listing.language,
        "kind": listing.kind,
        "source": listing.source,
        "year": listing.year,
        "isbn": listing.isbn,
    })
}
