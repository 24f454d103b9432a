//! Who acts.

use serde::Serialize;
pub use store::users::Role;
use store::{SessionId, UserId};

use crate::{
    failure::{Failure, FailureKind},
    permissions::{self, Action, Resource},
};

/// A person in a session that has not ended. Only [`Accounts::authenticate`](crate::Accounts::authenticate) and the
/// ways to sign in make one, so that whoever holds one has been checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Actor {
    /// The person.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// The name to sign in with.
    pub username: String,
    /// The name to show.
    pub display_name: String,
    /// The roles.
    pub roles: Vec<Role>,
    /// The language of the interface that was chosen, `en` or `fr`.
    pub locale: Option<String>,
}

impl Actor {
    /// True when one of the roles allows it.
    pub fn may(&self, resource: Resource, action: Action) -> bool {
        self.roles.iter().any(|role| permissions::allows(*role, resource, action))
    }

    pub(crate) fn require(&self, resource: Resource, action: Action) -> Result<(), Failure> {
        if self.may(resource, action) { Ok(()) } else { Err(Failure::new(FailureKind::Forbidden)) }
    }
}
