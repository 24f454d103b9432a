//! Releases: from a book to a package.

mod beginning;
mod changes;
mod corrections;
mod deletion;
mod duplicates;
mod inspections;
mod lookup;
mod others;
mod overview;
mod packing;
mod preview;
mod query;
mod standing;
mod stored;
mod view;

use std::sync::Arc;

use packer::{
    date::ReleaseDate,
    hash::Sha256,
    metadata::{Field, Overrides},
    name::of_book::Chosen,
    overrides,
    profile::Profile,
    rights::RightsBasis,
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;
use store::{
    GroupId, JobId, ReleaseId,
    audit::AuditAction,
    releases::{COUNTED, Changed, Listing, ReleaseCursor, ReleaseEdit},
};

pub(crate) use self::{
    beginning::profile as profile_of_new,
    deletion::{remove, remove_unused},
    inspections::Inspections,
    packing::{GivenUp, give_up},
    preview::template_mistake,
    standing::Standings,
    stored::{Stored, scheme, today},
};
use self::{changes::Changes, stored::stored_rights};
pub use self::{
    corrections::Revision,
    duplicates::{Duplicate, Likeness},
    others::{LastChange, Others},
    overview::Overview,
    query::{ReleaseQuery, Sort},
    standing::Standing,
    view::{Book, BookCover, Cover, CoverFound, CoverSize, Preview, Problem, Refusal, Release, ReleaseSummary, Status},
};
use crate::{
    actor::Actor,
    audit::Change,
    events::{Event, Topic},
    failure::{Failure, FailureKind},
    inbox,
    jobs::JobState,
    page::{self, Cursor, Page, Total},
    permissions::{Action, Resource},
    quotas,
    services::Services,
    thumbnail,
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
        let total = total.map(|found| Total::counted_up_to(COUNTED, found));
        Ok(Page { items, next: found.next.map(|cursor| Cursor(cursor.to_string())), total })
    }

    /// Everything about one release. Whoever only could take its book over from the inbox sees no jobs of it.
    pub async fn lookup(&self, actor: &Actor, id: ReleaseId) -> Result<Release, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let stored = Stored::read_by(self.services, actor, id).await?;
        lookup::shown(self.services, actor, stored).await
    }

    /// The package as it would be now. Missing data is said in it, never an error.
    pub async fn preview(&self, actor: &Actor, id: ReleaseId) -> Result<Preview, Failure> {
        self.preview_with(actor, id, &Draft::default()).await
    }

    /// How each of these stands that has its group and its rights: ready to be packed, or what keeps it. They are releases
    /// of a list, as it was given to the person.
    pub async fn standings(&self, actor: &Actor, releases: &[ReleaseSummary]) -> Result<Vec<Standing>, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        standing::of(self.services, actor, releases).await
    }

    /// The package as it would be with values that are not saved.
    pub async fn preview_with(&self, actor: &Actor, id: ReleaseId, draft: &Draft) -> Result<Preview, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let stored = Stored::read_by(self.services, actor, id).await?;
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
    /// `status` while it is inspected or packed, and once it is packed or refused; `GroupFull` where the other group may
    /// not keep the book.
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
            overrides: stored.release.overrides.clone(),
            rights_basis,
            rights_note,
            release_date: stored.release.release_date,
        };
        let mut transaction = self.services.store().begin_write().await?;
        let held = transaction.releases().hold(id).await?.ok_or_else(|| Failure::not_found("release"))?;
        if !packing::is_packable(held.status) {
            return Err(packing::not_in_status("not-editable", held.status));
        }
        if edit.group_id != stored.release.group_id {
            let counts_for = match edit.group_id {
                Some(group) => Some(group),
                None => quotas::home_of(&mut transaction, stored.release.created_by).await?,
            };
            quotas::move_book(&mut transaction, &stored.release, counts_for).await?;
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
    /// `not-packable` with `status`; `GroupFull`; `Invalid` on `group` or `rights` (`required`), or on a field; `Refused` `protected`.
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
    /// `Conflict` `not-packed`, or `package-removed` where its files are no longer kept.
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

    /// The cover in the book, when there is one. The whole one also where a small one is asked for and there is none: its
    /// picture could not be read, or the book was read before there were any. Whoever has it, by its checksum, is told so
    /// before its bytes are looked for.
    pub async fn cover(
        &self,
        actor: &Actor,
        id: ReleaseId,
        size: CoverSize,
        is_known: impl Fn(&Sha256) -> bool + Send,
    ) -> Result<Option<CoverFound>, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let release = inbox::readable(self.services, actor, id).await?;
        let book = self.services.store().books().lookup(release.book_id).await?;
        let Some(cover) = book.and_then(|book| book.inspection).and_then(|inspection| inspection.cover) else {
            return Ok(None);
        };
        let small = cover.thumbnail.filter(|_| size == CoverSize::Small);
        let small = small.map(|small| (small, thumbnail::MEDIA_TYPE.to_owned()));
        for (sha256, media_type) in small.into_iter().chain([(cover.sha256, cover.media_type)]) {
            if is_known(&sha256) {
                return Ok(Some(CoverFound::Known { media_type, sha256 }));
            }
            if let Some(cover) = self.open_cover(sha256, media_type).await? {
                return Ok(Some(CoverFound::Open(cover)));
            }
        }
        Ok(None)
    }

    async fn open_cover(&self, sha256: Sha256, media_type: String) -> Result<Option<Cover>, Failure> {
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
    described(release.group_id, &release.profile, rights, release.release_date, &release.listing, &release.overrides)
}

/// And after it.
fn written(edit: &ReleaseEdit) -> serde_json::Value {
    let rights = (edit.rights_basis.as_ref().map(RightsBasis::word), edit.rights_note.as_deref());
    described(edit.group_id, &edit.profile, rights, edit.release_date, &edit.listing, &edit.overrides)
}

fn described(
    group: Option<GroupId>,
    profile: &str,
    (rights, note): (Option<&str>, Option<&str>),
    date: ReleaseDate,
    listing: &Listing,
    set: &Overrides,
) -> serde_json::Value {
    let mut value = json!({
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
    });
    // What the catalogue does not show is told where somebody set it.
    let further = [
        ("publisher", set.publisher.as_deref()),
        ("edition", set.edition.as_deref()),
        ("volume", set.volume.as_deref()),
        ("issue", set.issue.as_deref()),
        ("issue-date", set.issue_date.as_deref()),
        ("genre", set.genre.as_deref()),
        ("url", set.url.as_deref()),
        ("description", set.description.as_deref()),
        ("corrects", set.corrects.as_deref()),
    ];
    for (name, text) in further.into_iter().filter_map(|(name, text)| Some((name, text?))) {
        value[name] = json!(text);
    }
    if !set.tags.is_empty() {
        value["tags"] = json!(set.tags);
    }
    value
}
