//! Quotas: how many bytes a group may keep here.
//!
//! A book counts for the group of its release, and until it has one for the home group of whoever sent it: the oldest
//! group that they are in. An upload counts with its whole size from its beginning, a package from the moment that it is
//! asked for, so that nothing which was begun is refused halfway.

use serde::Serialize;
use serde_json::json;
use store::{GroupId, Transaction, UserId, audit::AuditAction, releases::Release};

use crate::{
    actor::Actor,
    audit::Change,
    failure::{Data, Failure, FailureKind, FieldProblem},
    groups::Group,
    permissions::{Action, Resource},
    services::Services,
};

/// The least and the most bytes of a limit: a thousand terabytes are more than any disk of a house, and far from what a
/// number of the database holds.
pub const LIMITS: (u64, u64) = (1, 1_000_000_000_000_000);

/// What a group keeps, and may keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Room {
    /// The group.
    #[serde(flatten)]
    pub group: Group,
    /// The most bytes that it may keep.
    pub quota_bytes: u64,
    /// The bytes that it keeps.
    pub kept_bytes: u64,
    /// True for the group that one's books count for until they have one.
    pub is_home: bool,
}

/// The use cases of quotas.
#[derive(Debug, Clone, Copy)]
pub struct Quotas<'a> {
    pub(crate) services: &'a Services,
}

impl Quotas<'_> {
    /// Those of one's own groups that have a limit, by tag, for the page on which one sends books.
    pub async fn own(&self, actor: &Actor) -> Result<Vec<Room>, Failure> {
        actor.require(Resource::Books, Action::Write)?;
        let store = self.services.store();
        let groups = store.groups().list().await?.into_iter().filter(|group| actor.groups.contains(&group.id));
        let limited: Vec<_> = groups.filter_map(|group| Some((group.quota_bytes?, group))).collect();
        let ids: Vec<GroupId> = limited.iter().map(|(_, group)| group.id).collect();
        let kept = store.quotas().kept(&ids).await?;
        let home = home(&actor.groups);
        let rooms = limited.into_iter().map(|(quota_bytes, group)| Room {
            quota_bytes,
            kept_bytes: kept.get(&group.id).copied().unwrap_or_default(),
            is_home: home == Some(group.id),
            group: group.into(),
        });
        Ok(rooms.collect())
    }

    /// Gives a group a limit, or none. What it keeps beyond a lower limit stays; only what is new is refused. `seen` is the
    /// limit that was changed; absent for whoever does not care.
    ///
    /// # Errors
    /// `NotFound` `group`, for one that the person does not see, too; `Invalid` on `quota_bytes` (`not-between`); `Conflict`
    /// `quota-changed-meanwhile`.
    pub async fn set(&self, actor: &Actor, id: GroupId, quota: Option<u64>, seen: Option<Seen>) -> Result<(), Failure> {
        actor.require(Resource::Groups, Action::Modify)?;
        let (least, most) = LIMITS;
        if quota.is_some_and(|quota| !(least..=most).contains(&quota)) {
            let data = Data::from([("least", least.to_string()), ("most", most.to_string())]);
            let problem = FieldProblem { field: "quota_bytes", code: "not-between", data };
            return Err(Failure::new(FailureKind::Invalid(vec![problem])));
        }
        let mut transaction = self.services.store().begin_write().await?;
        let group = transaction.quotas().hold(id).await?.filter(|group| actor.is_of(group.id));
        let group = group.ok_or_else(|| Failure::not_found("group"))?;
        if seen.is_some_and(|Seen(seen)| seen != group.quota_bytes) {
            return Err(Failure::conflict("quota-changed-meanwhile", [("tag", group.tag.to_string())]));
        }
        transaction.quotas().set(id, quota).await?;
        let change = Change::new(AuditAction::Changed, Resource::Groups, id, group.tag.as_str())
            .between(json!({ "quota_bytes": group.quota_bytes }), json!({ "quota_bytes": quota }));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// The limit that somebody saw, and wants changed: nothing inside where there was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen(pub Option<u64>);

/// The group that books count for until they have one: ids grow with time, so the least is the oldest.
pub(crate) fn home(groups: &[GroupId]) -> Option<GroupId> {
    groups.iter().min().copied()
}

/// The same of somebody else.
pub(crate) async fn home_of(transaction: &mut Transaction, user: UserId) -> Result<Option<GroupId>, Failure> {
    Ok(home(&transaction.permissions().groups_of(user).await?))
}

/// Lets a group keep so many bytes more, in a transaction that the caller stores them in. The group stays as it is until
/// that ends: of two that want its last bytes one gets them. Whoever holds a release, too, holds it before: two that held
/// them in turn would wait for each other.
///
/// # Errors
/// `GroupFull`.
pub(crate) async fn claim(transaction: &mut Transaction, id: GroupId, needed: u64) -> Result<(), Failure> {
    // Most groups have no limit, and for those nobody waits.
    if transaction.groups().lookup(id).await?.is_none_or(|group| group.quota_bytes.is_none()) {
        return Ok(());
    }
    let Some(group) = transaction.quotas().hold(id).await? else { return Ok(()) };
    let Some(quota) = group.quota_bytes else { return Ok(()) };
    let kept = transaction.quotas().kept(&[id]).await?.remove(&id).unwrap_or_default();
    if kept.saturating_add(needed) <= quota {
        return Ok(());
    }
    Err(Failure::new(FailureKind::GroupFull(Data::from([
        ("group", group.tag.to_string()),
        ("quota", quota.to_string()),
        ("kept", kept.to_string()),
        ("needed", needed.to_string()),
    ]))))
}

/// Lets the book of a release count for another group, when it does.
///
/// # Errors
/// `GroupFull`.
pub(crate) async fn move_book(
    transaction: &mut Transaction,
    release: &Release,
    counts_for: Option<GroupId>,
) -> Result<(), Failure> {
    let before = match release.group_id {
        Some(group) => Some(group),
        None => home_of(transaction, release.created_by).await?,
    };
    let Some(group) = counts_for.filter(|group| before != Some(*group)) else { return Ok(()) };
    let book = transaction.books().lookup(release.book_id).await?.ok_or_else(|| Failure::not_found("book"))?;
    claim(transaction, group, book.size).await
}
