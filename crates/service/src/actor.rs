//! Who acts.

use std::{fmt, net::IpAddr};

use serde::Serialize;
pub use store::users::Role;
use store::{GroupId, SessionId, TokenId, UserId, releases::VisibleTo};

use crate::{
    failure::{Failure, FailureKind},
    permissions::{Action, Grants, Resource},
};

/// With what somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Means {
    /// A session, begun with a password.
    Session(SessionId),
    /// A personal token of the API.
    Token(TokenId),
}

impl fmt::Display for Means {
    /// The id alone: no session and no token have the same.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(id) => id.fmt(formatter),
            Self::Token(id) => id.fmt(formatter),
        }
    }
}

/// A person in a session that has not ended. Only [`Accounts::authenticate`](crate::Accounts::authenticate) and the
/// ways to sign in make one, so that whoever holds one has been checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Actor {
    /// The person.
    pub user_id: UserId,
    /// With what they came in.
    pub means: Means,
    /// The name to sign in with.
    pub username: String,
    /// The name to show.
    pub display_name: String,
    /// The roles.
    pub roles: Vec<Role>,
    /// What the roles and the person's exceptions allow; with a token, no more than its scope.
    pub grants: Grants,
    /// The groups that the person is in.
    pub groups: Vec<GroupId>,
    /// True for whoever sees the releases of every group.
    pub all_groups: bool,
    /// The language of the interface that was chosen, by its tag.
    pub locale: Option<String>,
    /// From where, for the audit log; absent where nobody said.
    pub address: Option<IpAddr>,
}

impl Actor {
    /// The same, with the address that the request came from.
    #[must_use]
    pub fn from_address(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// The same, from where another said that they are.
    #[must_use]
    pub(crate) fn at(mut self, address: Option<IpAddr>) -> Self {
        self.address = address;
        self
    }

    /// True when a role or an exception allows it.
    pub fn may(&self, resource: Resource, action: Action) -> bool {
        self.grants.allow(resource, action)
    }

    /// True for an administrator.
    pub fn is_administrator(&self) -> bool {
        self.roles.contains(&Role::ADMIN)
    }

    /// True for somebody in the group, and for whoever sees every group.
    pub fn is_of(&self, group: GroupId) -> bool {
        self.all_groups || self.groups.contains(&group)
    }

    /// What limits are counted under: one person, however many sessions and tokens they have.
    pub fn rate_key(&self) -> String {
        self.user_id.to_string()
    }

    pub(crate) fn require(&self, resource: Resource, action: Action) -> Result<(), Failure> {
        if self.may(resource, action) { Ok(()) } else { Err(Failure::new(FailureKind::Forbidden)) }
    }

    /// The session. Nobody looks after an account with a token: whoever finds one could keep the account.
    pub(crate) fn session(&self) -> Result<SessionId, Failure> {
        match self.means {
            Means::Session(id) => Ok(id),
            Means::Token(_) => Err(Failure::new(FailureKind::Forbidden)),
        }
    }

    /// What the person sees of releases; nothing to narrow for whoever sees every group.
    pub(crate) fn visible(&self) -> Option<VisibleTo> {
        (!self.all_groups).then(|| VisibleTo { user: self.user_id, groups: self.groups.clone() })
    }

    /// True when the person sees releases of a maker and a group: their own, and those of their groups.
    pub fn sees_release_of(&self, maker: UserId, group: Option<GroupId>) -> bool {
        maker == self.user_id || self.all_groups || group.is_some_and(|group| self.is_of(group))
    }

    /// True when the person sees the release.
    pub(crate) fn sees(&self, release: &store::releases::Release) -> bool {
        self.sees_release_of(release.created_by, release.group_id)
    }

    /// A release that the person sees. One that they do not see is none.
    pub(crate) fn seen(&self, release: Option<store::releases::Release>) -> Result<store::releases::Release, Failure> {
        release.filter(|release| self.sees(release)).ok_or_else(|| Failure::not_found("release"))
    }
}
