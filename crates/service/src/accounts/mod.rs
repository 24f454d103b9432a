//! People, and how they come in.

use std::net::IpAddr;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::{Timestamp, id::UserId};

use crate::{
    actor::{Actor, Role},
    failure::Failure,
    services::Services,
};

/// Where a request came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The address, behind trusted proxies the one that they tell.
    pub address: IpAddr,
    /// What the browser calls itself; kept with the session, cut to 300 characters.
    pub user_agent: String,
}

/// The one-time token of a setup link. Shown once; only its hash is kept.
#[derive(Debug, Clone)]
pub struct SetupToken {
    /// The token, for `/setup?token=…`.
    pub token: SecretString,
    /// When it is no longer taken.
    pub expires_at: Timestamp,
}

/// The first person of a new house.
#[derive(Debug, Clone, Deserialize)]
pub struct NewAdministrator {
    /// The name to sign in with.
    pub username: String,
    /// 12 to 128 characters.
    pub password: SecretString,
    /// The name to show.
    pub display_name: String,
    /// The tag of the first group.
    pub group_tag: String,
}

/// One more person.
#[derive(Debug, Clone, Deserialize)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: String,
    /// The name to show.
    pub display_name: String,
    /// 12 to 128 characters.
    pub password: SecretString,
    /// The role.
    pub role: Role,
}

/// A person in the list of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSummary {
    /// The id.
    pub id: UserId,
    /// The name to sign in with.
    pub username: String,
    /// The name to show.
    pub display_name: String,
    /// The roles.
    pub roles: Vec<Role>,
    /// False for somebody who may no longer come in.
    pub active: bool,
    /// Since when.
    pub created_at: Timestamp,
}

/// A session begun or gone on with. Not serialisable on purpose: its tokens leave through cookies or one answer only.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub actor: Actor,
    /// The JWT, for a cookie or as bearer.
    pub access_token: SecretString,
    /// When it is no longer taken.
    pub access_expires_at: Timestamp,
    /// What the next pair of tokens is asked for with. Good once.
    pub refresh_token: SecretString,
    /// When it is no longer taken.
    pub refresh_expires_at: Timestamp,
}

/// The use cases of accounts.
#[derive(Debug, Clone, Copy)]
pub struct Accounts<'a> {
    pub(crate) services: &'a Services,
}

impl Accounts<'_> {
    /// True while there is nobody at all.
    pub async fn setup_needed(&self) -> Result<bool, Failure> {
        unavailable!(self)
    }

    /// A new setup link; those before it are no longer taken.
    ///
    /// # Errors
    /// `Conflict` `already-set-up`.
    pub async fn issue_setup_link(&self) -> Result<SetupToken, Failure> {
        unavailable!(self)
    }

    /// Makes the first person, an administrator, and the first group, and signs in.
    ///
    /// # Errors
    /// `Conflict` `setup-link-invalid` or `already-set-up`; `Invalid` on the fields of [`NewAdministrator`].
    pub async fn set_up(&self, token: &str, new: NewAdministrator, client: &Client) -> Result<SignedIn, Failure> {
        unavailable!(self, token, new, client)
    }

    /// Makes an administrator without a session, from the command line or at start.
    ///
    /// # Errors
    /// `Conflict` `username-taken`; `Invalid`.
    pub async fn create_administrator(&self, username: &str, password: &SecretString) -> Result<UserId, Failure> {
        unavailable!(self, username, password)
    }

    /// Signs in. It takes as long for somebody unknown as for a wrong password.
    ///
    /// # Errors
    /// `Conflict` `wrong-credentials` whatever was wrong; `Busy`.
    pub async fn sign_in(&self, username: &str, password: &SecretString, client: &Client) -> Result<SignedIn, Failure> {
        unavailable!(self, username, password, client)
    }

    /// The next pair of tokens. A token used a second time ends the session; within ten seconds it gives the same
    /// successor instead, for two tabs that refresh at once.
    ///
    /// # Errors
    /// `SignedOut`.
    pub async fn refresh(&self, refresh_token: &str, client: &Client) -> Result<SignedIn, Failure> {
        unavailable!(self, refresh_token, client)
    }

    /// Who an access token stands for.
    ///
    /// # Errors
    /// `SignedOut` for a token that is no good and for a session that has ended, whatever the token says.
    pub async fn authenticate(&self, access_token: &str) -> Result<Actor, Failure> {
        unavailable!(self, access_token)
    }

    /// Ends the session.
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), Failure> {
        unavailable!(self, actor)
    }

    /// Changes one's own password. Every other session of the person ends.
    ///
    /// # Errors
    /// `Invalid` on `current` (`wrong`) or `new`; `Busy`.
    pub async fn change_password(
        &self,
        actor: &Actor,
        current: &SecretString,
        new: &SecretString,
    ) -> Result<(), Failure> {
        unavailable!(self, actor, current, new)
    }

    /// Chooses the language of the interface, `en` or `fr`.
    pub async fn set_locale(&self, actor: &Actor, locale: &str) -> Result<(), Failure> {
        unavailable!(self, actor, locale)
    }

    /// Everybody, by username.
    pub async fn users(&self, actor: &Actor) -> Result<Vec<UserSummary>, Failure> {
        unavailable!(self, actor)
    }

    /// Makes a person.
    ///
    /// # Errors
    /// `Conflict` `username-taken`; `Invalid`.
    pub async fn create_user(&self, actor: &Actor, new: NewUser) -> Result<UserId, Failure> {
        unavailable!(self, actor, new)
    }

    /// Lets a person in again, or no longer: then every session of theirs ends now.
    ///
    /// # Errors
    /// `Conflict` `last-administrator`.
    pub async fn set_active(&self, actor: &Actor, id: UserId, active: bool) -> Result<(), Failure> {
        unavailable!(self, actor, id, active)
    }
}
