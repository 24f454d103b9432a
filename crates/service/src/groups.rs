//! Groups: the teams that publish, and who is in them.

use std::collections::BTreeSet;

use packer::group::GroupTag;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Constraint, GroupId, StoreError, UserId, audit::AuditAction};

use crate::{
    actor::Actor,
    audit::Change,
    events::{Event, Topic},
    failure::Failure,
    permissions::{Action, Resource},
    services::Services,
};

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its tag.
    pub tag: GroupTag,
}

/// Somebody in a group, or who could be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub id: UserId,
    /// The name to show.
    pub display_name: String,
}

/// A group with who is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupWithMembers {
    /// The group.
    #[serde(flatten)]
    pub group: Group,
    /// Who is in it, by username.
    pub members: Vec<Member>,
    /// The most bytes that it may keep; absent where it has no limit.
    pub quota_bytes: Option<u64>,
    /// The bytes that it keeps: books, packages, and what is on its way.
    pub kept_bytes: u64,
}

/// The use cases of groups.
#[derive(Debug, Clone, Copy)]
pub struct Groups<'a> {
    pub(crate) services: &'a Services,
}

impl Groups<'_> {
    /// One's own groups, by tag; every group for whoever sees every group.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Group>, Failure> {
        actor.require(Resource::Groups, Action::Read)?;
        let groups = self.services.store().groups().list().await?;
        Ok(groups.into_iter().filter(|group| actor.is_of(group.id)).map(Group::from).collect())
    }

    /// The same groups with who is in them, and what they keep.
    pub async fn with_members(&self, actor: &Actor) -> Result<Vec<GroupWithMembers>, Failure> {
        actor.require(Resource::Groups, Action::Read)?;
        let store = self.services.store();
        let groups: Vec<_> = store.groups().list().await?.into_iter().filter(|group| actor.is_of(group.id)).collect();
        let people = self.active().await?;
        let mut members = store.permissions().members().await?;
        let ids: Vec<GroupId> = groups.iter().map(|group| group.id).collect();
        let kept = store.quotas().kept(&ids).await?;
        let with_members = groups.into_iter().map(|group| {
            let ids = members.remove(&group.id).unwrap_or_default();
            let members = people.iter().filter(|person| ids.contains(&person.id)).cloned().collect();
            let kept_bytes = kept.get(&group.id).copied().unwrap_or_default();
            GroupWithMembers { quota_bytes: group.quota_bytes, kept_bytes, group: group.into(), members }
        });
        Ok(with_members.collect())
    }

    /// Everybody who could be in a group, by username.
    pub async fn people(&self, actor: &Actor) -> Result<Vec<Member>, Failure> {
        actor.require(Resource::Groups, Action::Modify)?;
        self.active().await
    }

    /// Makes a group. Whoever makes it is in it.
    ///
    /// # Errors
    /// `Invalid` on `tag`; `Conflict` `group-taken` when the tag exists, in whatever case.
    pub async fn create(&self, actor: &Actor, tag: &str) -> Result<Group, Failure> {
        actor.require(Resource::Groups, Action::Write)?;
        let tag: GroupTag = tag.trim().parse().map_err(|_| Failure::invalid("tag", "no-tag"))?;
        let now = self.services.now();
        let id = GroupId::new(now, rand::random());
        let group = store::groups::Group { id, tag, created_by: actor.user_id, created_at: now, quota_bytes: None };
        let mut transaction = self.services.store().begin_write().await?;
        match transaction.groups().add(&group).await {
            Err(StoreError::Conflict(Constraint::GroupTag)) => {
                return Err(Failure::conflict("group-taken", [("tag", group.tag.to_string())]));
            }
            other => other?,
        }
        transaction.permissions().set_members(id, &[actor.user_id]).await?;
        let change = Change::new(AuditAction::Created, Resource::Groups, id, group.tag.as_str());
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        self.services.accounts().renew_all_of(actor.user_id).await;
        self.services.events().tell(Event::of(Topic::Group, id)).await;
        Ok(group.into())
    }

    /// Gives a group these members and no others. It holds at once. `seen` are the members that were changed; absent for
    /// whoever does not care.
    ///
    /// # Errors
    /// `NotFound` `group`, for one that the person does not see, too; `Invalid` on `members` (`unknown`); `Conflict`
    /// `members-changed-meanwhile` when they are not those that were seen.
    pub async fn set_members(
        &self,
        actor: &Actor,
        id: GroupId,
        members: &[UserId],
        seen: Option<&[UserId]>,
    ) -> Result<(), Failure> {
        actor.require(Resource::Groups, Action::Modify)?;
        let store = self.services.store();
        let group = store.groups().lookup(id).await?.filter(|group| actor.is_of(group.id));
        let group = group.ok_or_else(|| Failure::not_found("group"))?;
        let people = store.users().list().await?;
        let mut members = members.to_vec();
        members.sort_unstable();
        members.dedup();
        if members.iter().any(|id| !people.iter().any(|user| user.id == *id)) {
            return Err(Failure::invalid("members", "unknown"));
        }
        let mut transaction = store.begin_write().await?;
        transaction.groups().hold_all().await?;
        let before = transaction.permissions().members().await?.remove(&id).unwrap_or_default();
        let is_shown = |id: &&UserId| people.iter().any(|user| user.id == **id && user.is_active());
        let shown: BTreeSet<&UserId> = before.iter().filter(is_shown).collect();
        if seen.is_some_and(|seen| seen.iter().collect::<BTreeSet<_>>() != shown) {
            return Err(Failure::conflict("members-changed-meanwhile", [("tag", group.tag.to_string())]));
        }
        // Whoever is deactivated is not shown and stays.
        let hidden = |user: &store::users::User| !user.is_active() && before.contains(&user.id);
        members.extend(people.iter().filter(|user| hidden(user)).map(|user| user.id));
        members.sort_unstable();
        members.dedup();
        transaction.permissions().set_members(id, &members).await?;
        let names = |ids: &[UserId]| -> Vec<String> {
            people.iter().filter(|user| ids.contains(&user.id)).map(|user| user.username.clone()).collect()
        };
        let change = Change::new(AuditAction::Changed, Resource::Groups, id, group.tag.as_str())
            .between(json!({ "members": names(&before) }), json!({ "members": names(&members) }));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        for user in people.iter().filter(|user| before.contains(&user.id) != members.contains(&user.id)) {
            self.services.accounts().renew_all_of(user.id).await;
        }
        Ok(())
    }

    async fn active(&self) -> Result<Vec<Member>, Failure> {
        let users = self.services.store().users().list().await?;
        let active = users.into_iter().filter(store::users::User::is_active);
        Ok(active.map(|user| Member { id: user.id, display_name: user.display_name }).collect())
    }
}

impl From<store::groups::Group> for Group {
    fn from(group: store::groups::Group) -> Self {
        Self { id: group.id, tag: group.tag }
    }
}
