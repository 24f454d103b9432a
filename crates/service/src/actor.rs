//! Who acts.

use serde::{Deserialize, Serialize};
use store::id::{SessionId, UserId};

use crate::{
    failure::{Failure, FailureKind},
    permissions::{self, Action, Resource},
};

/// What a person is in the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// May do everything.
    Admin,
    /// Makes releases.
    Editor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 2] = [Self::Admin, Self::Editor];

    /// The word used in the database and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Editor => "editor",
        }
    }

    /// The role of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

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
