//! Groups: the teams that publish.

use packer::group::GroupTag;
use serde::{Deserialize, Serialize};
use store::{Constraint, GroupId, StoreError};

use crate::{
    actor::Actor,
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

/// The use cases of groups.
#[derive(Debug, Clone, Copy)]
pub struct Groups<'a> {
    pub(crate) services: &'a Services,
}

impl Groups<'_> {
    /// Every group, by tag.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Group>, Failure> {
        actor.require(Resource::Groups, Action::Read)?;
        let groups = self.services.store().groups().list().await?;
        Ok(groups.into_iter().map(Group::from).collect())
    }

    /// Makes a group.
    ///
    /// # Errors
    /// `Invalid` on `tag`; `Conflict` `group-taken` when the tag exists, in whatever case.
    pub async fn create(&self, actor: &Actor, tag: &str) -> Result<Group, Failure> {
        actor.require(Resource::Groups, Action::Write)?;
        let tag: GroupTag = tag.trim().parse().map_err(|_| Failure::invalid("tag", "invalid"))?;
        let now = self.services.now();
        let id = GroupId::new(now, rand::random());
        let group = store::groups::Group { id, tag, created_by: actor.user_id, created_at: now };
        let mut transaction = self.services.store().begin_write().await?;
        match transaction.groups().add(&group).await {
            Err(StoreError::Conflict(Constraint::GroupTag)) => {
                return Err(Failure::conflict("group-taken", [("tag", group.tag.to_string())]));
            }
            other => other?,
        }
        transaction.commit().await?;
        self.services.events().tell(Event::of(Topic::Group, id)).await;
        Ok(group.into())
    }
}

impl From<store::groups::Group> for Group {
    fn from(group: store::groups::Group) -> Self {
        Self { id: group.id, tag: group.tag }
    }
}
