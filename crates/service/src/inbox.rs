//! The inbox: books that contributors sent in, until an editor takes them over or declines them.

use serde::{Deserialize, Serialize};
use serde_json::json;
pub use store::inbox::{InboxEntry, InboxState};
use store::{
    GroupId, InboxId, ReleaseId,
    audit::AuditAction,
    books::FindingCounts,
    inbox::InboxFilter,
    releases::{Release, Status},
};

use crate::{
    actor::Actor,
    audit::Change,
    events::{Event, Topic},
    failure::{Data, Failure, FailureKind, FieldProblem},
    page::{self, Cursor, Page},
    permissions::{Action, Resource},
    quotas, releases,
    services::Services,
};

/// The most characters of what is said to a book that is declined.
pub const LONGEST_NOTE: usize = 500;

/// Which entries to list, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InboxQuery {
    /// Only in this state.
    pub state: Option<InboxState>,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// At most so many, 1 to 100; 0 means 50.
    pub limit: u32,
}

/// The use cases of the inbox.
#[derive(Debug, Clone, Copy)]
pub struct Inbox<'a> {
    pub(crate) services: &'a Services,
}

impl Inbox<'_> {
    /// Entries, page by page: all for whoever may see books, one's own for who may only send them. What a release is
    /// now, only whoever sees it reads, and who is of its group while it waits. Which one it is, only whoever sees it is
    /// told, and whoever could take it over.
    ///
    /// # Errors
    /// `Invalid` on `after`.
    pub async fn list(&self, actor: &Actor, query: &InboxQuery) -> Result<Page<InboxEntry>, Failure> {
        let sent_by = if actor.may(Resource::Books, Action::Read) {
            None
        } else {
            actor.require(Resource::Books, Action::Write)?;
            Some(actor.user_id)
        };
        let after = query.after.as_ref().map(|cursor| cursor.0.parse::<InboxId>());
        let after = after.transpose().map_err(|_| Failure::invalid("after", "invalid"))?;
        let filter = InboxFilter { sent_by, state: query.state };
        let page = self.services.store().inbox().list(filter, after, page::limit(query.limit)).await?;
        let items = page.items.into_iter().map(|entry| shown(actor, entry)).collect();
        Ok(Page { items, next: page.next.map(|id| Cursor(id.to_string())), total: None })
    }

    /// Takes a book over: its release is one's own from now on, and the group's.
    ///
    /// # Errors
    /// `NotFound` `inbox-entry`; `Forbidden` for a book of a group that one is not in; `Invalid` on `group` (`unknown`);
    /// `GroupFull`; `Conflict` `already-decided`, also once the book is being packed.
    pub async fn take(&self, actor: &Actor, id: InboxId, group: Option<GroupId>) -> Result<ReleaseId, Failure> {
        actor.require(Resource::Books, Action::Modify)?;
        actor.require(Resource::Releases, Action::Write)?;
        let store = self.services.store();
        if let Some(group) = group
            && (!actor.is_of(group) || store.groups().lookup(group).await?.is_none())
        {
            return Err(Failure::invalid("group", "unknown"));
        }
        let now = self.services.now();
        let mut transaction = store.begin_write().await?;
        let (entry, held) = waiting(&mut transaction, actor, id).await?;
        let release = held.id;
        let counts_for = group.or(quotas::home(&actor.groups));
        quotas::move_book(&mut transaction, &held, counts_for).await?;
        if !transaction.inbox().decide(id, InboxState::Taken, actor.user_id, None, now).await? {
            return Err(already_decided(entry.state));
        }
        transaction.inbox().hand_over(release, actor.user_id, group, now).await?;
        let change = Change::new(AuditAction::Taken, Resource::Books, release, &entry.file_name)
            .after(json!({ "sent_by": entry.sent_by_name, "group": group }));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        self.services.events().tell(Event::of(Topic::Release, release)).await;
        Ok(release)
    }

    /// Declines a book: its sender reads why, and the book goes.
    ///
    /// # Errors
    /// `NotFound` `inbox-entry`; `Forbidden` for a book of a group that one is not in; `Invalid` on `note`; `Conflict`
    /// `already-decided`, also once the book is being packed, or `job-running`.
    pub async fn decline(&self, actor: &Actor, id: InboxId, note: &str) -> Result<(), Failure> {
        actor.require(Resource::Books, Action::Modify)?;
        let note = note.trim();
        if note.chars().count() > LONGEST_NOTE {
            let data = Data::from([("longest", LONGEST_NOTE.to_string())]);
            return Err(Failure::new(FailureKind::Invalid(vec![FieldProblem {
                field: "note",
                code: "too-long",
                data,
            }])));
        }
        let note = Some(note).filter(|note| !note.is_empty());
        let mut transaction = self.services.store().begin_write().await?;
        let (entry, held) = waiting(&mut transaction, actor, id).await?;
        let release = held.id;
        if !transaction.inbox().decide(id, InboxState::Declined, actor.user_id, note, self.services.now()).await? {
            return Err(already_decided(entry.state));
        }
        let hashes = releases::remove(&mut transaction, &held).await?;
        let change = Change::new(AuditAction::Declined, Resource::Books, release, &entry.file_name)
            .after(json!({ "sent_by": entry.sent_by_name, "note": note }));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        releases::remove_unused(self.services, hashes).await?;
        self.services.events().tell(Event::of(Topic::Release, release).with_state("deleted")).await;
        Ok(())
    }
}

/// An entry that one may decide, with its release, which stays as it is until the transaction ends: its group's editors
/// may have begun to pack it meanwhile.
async fn waiting(
    transaction: &mut store::Transaction,
    actor: &Actor,
    id: InboxId,
) -> Result<(InboxEntry, Release), Failure> {
    let entry = transaction.inbox().lookup(id).await?.ok_or_else(|| Failure::not_found("inbox-entry"))?;
    let held = match entry.release_id {
        Some(release) if entry.state == InboxState::Waiting => transaction.releases().hold(release).await?,
        _ => None,
    };
    let held = held.ok_or_else(|| already_decided(entry.state))?;
    if held.group_id.is_some_and(|group| !actor.is_of(group)) {
        return Err(Failure::new(FailureKind::Forbidden));
    }
    let is_worked_on = matches!(held.status, Status::Packing | Status::Packed);
    if is_worked_on || !transaction.packages().list_of(held.id).await?.is_empty() {
        return Err(already_decided(InboxState::Taken));
    }
    Ok((entry, held))
}

/// True for somebody who could take over a book of a group, or of none.
fn could_take(actor: &Actor, group: Option<GroupId>) -> bool {
    actor.may(Resource::Books, Action::Modify)
        && actor.may(Resource::Releases, Action::Write)
        && group.is_none_or(|group| actor.is_of(group))
}

/// A release that somebody may read: one that they see, or one that waits in the inbox and that they could take over. It
/// would be theirs then, and they look at it before they decide; until then they change nothing of it.
pub(crate) async fn readable(services: &Services, actor: &Actor, id: ReleaseId) -> Result<Release, Failure> {
    let store = services.store();
    let release = store.releases().lookup(id).await?;
    match release {
        Some(release)
            if !actor.sees(&release) && could_take(actor, release.group_id) && store.inbox().waits(id).await? =>
        {
            Ok(release)
        }
        other => actor.seen(other),
    }
}

/// An entry without what its release is now, for somebody who does not see that.
fn shown(actor: &Actor, entry: InboxEntry) -> InboxEntry {
    let (group, waits) = (entry.release_group, entry.state == InboxState::Waiting);
    let is_seen = entry.release_by.is_some_and(|maker| actor.sees_release_of(maker, group));
    if is_seen || waits && could_take(actor, group) {
        return entry;
    }
    let entry = InboxEntry { release_id: None, ..entry };
    if waits && group.is_none_or(|group| actor.is_of(group)) {
        return entry;
    }
    InboxEntry {
        title: None,
        authors: None,
        format: None,
        status: None,
        size: None,
        has_cover: false,
        findings: FindingCounts::new(),
        ..entry
    }
}

fn already_decided(state: InboxState) -> Failure {
    Failure::conflict("already-decided", [("state", state.word().to_owned())])
}
