//! Corrections: a release that says what another one had wrong. It is a release of its own, under a name of its own; the
//! one that it corrects stays as it was.

use std::collections::{BTreeMap, VecDeque};

use packer::{metadata::Field, name::Tag, overrides};
use serde::Serialize;
use serde_json::json;
use store::{
    ReleaseId, Timestamp,
    audit::AuditAction,
    releases::{Changed, NewRelease, Release as StoredRelease, ReleaseEdit, Status},
};

use super::{Releases, packing, stored::Stored, today};
use crate::{
    actor::Actor,
    audit::Change,
    failure::{Failure, FailureKind},
    inbox,
    permissions::{Action, Resource},
};

/// The most releases of one chain that are shown: each link is one look into the database.
const MOST_REVISIONS: usize = 30;

/// One release in a chain of corrections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// Which.
    pub id: ReleaseId,
    /// Its name, once it is taken; else its title.
    pub name: String,
    /// What it says that it is: `REPACK`, `NFOFiX` and their like. Nothing for the first.
    pub tag: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// When it was packed, or else made.
    pub at: Timestamp,
}

impl Releases<'_> {
    /// Begins a correction of a packed release: a draft of the same book that has its values, the tag, and the name of
    /// what it corrects. The rights of somebody else's are left out: whoever corrects it says on what basis themselves.
    ///
    /// # Errors
    /// `Conflict` `not-packed`, or `source-removed` where the book is no longer kept; `Invalid` on `tag` for one that is no correction or that the profile does not know;
    /// `Forbidden` for somebody who is no longer in the group that it was released by.
    pub async fn correct(&self, actor: &Actor, id: ReleaseId, tag: &str) -> Result<ReleaseId, Failure> {
        actor.require(Resource::Releases, Action::Write)?;
        let mut stored = Stored::seen_by(self.services, actor, id).await?;
        // Whoever made a release goes on seeing it, but speaks for the group no longer.
        if stored.release.group_id.is_some_and(|group| !actor.is_of(group)) {
            return Err(Failure::new(FailureKind::Forbidden));
        }
        let corrected = stored.release.name.clone().filter(|_| stored.release.status == Status::Packed);
        let (Some(corrected), Some(inspection)) = (corrected, stored.inspection.clone()) else {
            return Err(packing::not_in_status("not-packed", stored.release.status));
        };
        let unknown = || Failure::invalid("tag", "unknown");
        let tag: Tag = tag.parse().map_err(|_| unknown())?;
        if !tag.is_correction() || !stored.profile()?.naming.tags.contains(&tag) {
            return Err(unknown());
        }
        let kept = stored.release.overrides.tags.iter().filter(|known| !is_correction(known)).cloned();
        let tags: Vec<String> = kept.chain([tag.word().to_owned()]).collect();
        for (field, values) in [(Field::Tags, tags), (Field::Corrects, vec![corrected.clone()])] {
            overrides::put(&mut stored.release.overrides, field, &values).map_err(|_| unknown())?;
        }
        if stored.release.created_by != actor.user_id {
            (stored.release.rights_basis, stored.release.rights_note) = (None, None);
        }
        let now = self.services.now();
        let new = NewRelease {
            id: ReleaseId::new(now, rand::random()),
            book_id: stored.release.book_id,
            group_id: stored.release.group_id,
            profile: stored.release.profile.clone(),
            release_date: today(now)?,
            status: Status::Draft,
            listing: stored.listing(&inspection),
            created_by: actor.user_id,
        };
        let edit = ReleaseEdit {
            group_id: new.group_id,
            profile: new.profile.clone(),
            listing: new.listing.clone(),
            overrides: stored.release.overrides,
            rights_basis: stored.release.rights_basis,
            rights_note: stored.release.rights_note,
            release_date: new.release_date,
        };
        let mut transaction = self.services.store().begin_write().await?;
        transaction.releases().hold(id).await?.ok_or_else(|| Failure::not_found("release"))?;
        let book = transaction.books().hold(new.book_id).await?.ok_or_else(|| Failure::not_found("book"))?;
        packing::require_source(&book)?;
        transaction.releases().add(&new, now).await?;
        if transaction.releases().edit(new.id, 1, &edit, now).await? != (Changed::Saved { version: 2 }) {
            return Err(Failure::not_found("release"));
        }
        let change = Change::new(AuditAction::Created, Resource::Releases, new.id, &new.listing.title)
            .after(json!({ "corrects": corrected, "tag": tag.word() }));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        let release = self.lookup(actor, new.id).await?;
        self.tell(&release.summary).await;
        Ok(new.id)
    }

    /// The releases that correct one another, this one among them, the oldest first: those that the person sees, and at
    /// most 30.
    pub async fn revisions(&self, actor: &Actor, id: ReleaseId) -> Result<Vec<Revision>, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let store = self.services.store();
        let release = inbox::readable(self.services, actor, id).await?;
        let mut found: Vec<StoredRelease> = Vec::new();
        let mut waiting = VecDeque::from([release]);
        while let Some(release) = waiting.pop_front() {
            if found.len() == MOST_REVISIONS {
                break;
            }
            if found.iter().any(|known| known.id == release.id) || !actor.sees(&release) {
                continue;
            }
            if let Some(group) = release.group_id {
                if let Some(corrects) = &release.overrides.corrects {
                    waiting.extend(store.releases().find_by_name(group, corrects).await?);
                }
                if let Some(name) = &release.name {
                    waiting.extend(store.releases().list_correcting(group, name).await?);
                }
            }
            found.push(release);
        }
        let order: BTreeMap<ReleaseId, usize> =
            found.iter().map(|release| (release.id, depth(&found, release))).collect();
        found.sort_by_key(|release| (order.get(&release.id).copied(), release.id));
        Ok(found.into_iter().map(Revision::from).collect())
    }
}

/// How many releases of a chain come before one. Two that claim to correct each other end the count, too.
fn depth(chain: &[StoredRelease], release: &StoredRelease) -> usize {
    let named = |name: &String| {
        let of_name =
            |known: &&StoredRelease| known.name.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(name));
        chain.iter().find(of_name)
    };
    let before = |release: &&StoredRelease| release.overrides.corrects.as_ref().and_then(named);
    std::iter::successors(Some(release), before).take(chain.len()).count()
}

fn is_correction(tag: &str) -> bool {
    tag.parse::<Tag>().is_ok_and(Tag::is_correction)
}

impl From<StoredRelease> for Revision {
    fn from(release: StoredRelease) -> Self {
        Self {
            id: release.id,
            tag: release.overrides.tags.iter().find(|tag| is_correction(tag)).cloned(),
            name: release.name.unwrap_or(release.listing.title),
            status: release.status,
            at: release.packed_at.unwrap_or(release.created_at),
        }
    }
}
