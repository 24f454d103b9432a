//! Groups: the teams that publish.

use packer::group::GroupTag;
use serde::{Deserialize, Serialize};
use store::id::GroupId;

use crate::{actor::Actor, failure::Failure, services::Services};

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
        unavailable!(self, actor)
    }

    /// Makes a group.
    ///
    /// # Errors
    /// `Invalid` on `tag`; `Conflict` `group-taken` when the tag exists, in whatever case.
    pub async fn create(&self, actor: &Actor, tag: &str) -> Result<Group, Failure> {
        unavailable!(self, actor, tag)
    }
}
