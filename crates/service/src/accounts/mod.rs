//! People, and how they come in.

mod attempts;
mod names;
mod password;
mod people;
mod sessions;
mod tokens;

use std::{net::IpAddr, time::Duration};

use packer::group::GroupTag;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::{
    GroupId, Timestamp, UserId,
    sessions::EndReason,
    users::{Role, User},
};

pub(crate) use self::password::Passwords;
use self::{
    attempts::{OF_ACCOUNT, OF_ADDRESS, account_key, address_key},
    password::Verdict,
};
pub use self::{
    names::{LONGEST_DISPLAY_NAME, LONGEST_USERNAME},
    password::{LONGEST as LONGEST_PASSWORD, SHORTEST as SHORTEST_PASSWORD},
};
use crate::{
    actor::Actor,
    failure::{Failure, FailureKind, FieldProblem},
    services::Services,
};

/// How long a setup link is good for.
const SETUP_LIFETIME: Duration = Duration::from_hours(24);

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
        Ok(self.services.store().users().count().await? == 0)
    }

    /// A new setup link; those before it are no longer taken.
    ///
    /// # Errors
    /// `Conflict` `already-set-up`.
    pub async fn issue_setup_link(&self) -> Result<SetupToken, Failure> {
        let now = self.services.now();
        let expires_at = now.after(SETUP_LIFETIME);
        let token = format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>());
        let mut transaction = self.services.store().begin_write().await?;
        if transaction.users().count().await? > 0 {
            return Err(Failure::conflict("already-set-up", []));
        }
        transaction.setup_links().add(&tokens::sha256(&token), now, expires_at).await?;
        transaction.commit().await?;
        Ok(SetupToken { token: token.into(), expires_at })
    }

    /// Makes the first person, an administrator, and the first group, and signs in.
    ///
    /// # Errors
    /// `Conflict` `setup-link-invalid` or `already-set-up`; `Invalid` on the fields of [`NewAdministrator`]; `Busy`.
    pub async fn set_up(&self, token: &str, new: NewAdministrator, client: &Client) -> Result<SignedIn, Failure> {
        self.count_attempt(&address_key(client.address), OF_ADDRESS).await?;
        let mut problems = Vec::new();
        let tag = new.group_tag.trim().parse::<GroupTag>();
        if tag.is_err() {
            problems.push(FieldProblem { field: "group_tag", code: "invalid", data: [].into() });
        }
        let user = NewUser {
            username: new.username,
            display_name: new.display_name,
            password: new.password,
            role: Role::Admin,
        };
        let checked = user.checked(&mut problems);
        let (Ok(tag), Some(checked)) = (tag, checked) else {
            return Err(Failure::new(FailureKind::Invalid(problems)));
        };
        // The link is looked at before a hash is paid for, and used up with everything else.
        let hash = tokens::sha256(token);
        if !self.services.store().setup_links().is_usable(&hash, self.services.now()).await? {
            return Err(Failure::conflict("setup-link-invalid", []));
        }
        let password_hash = self.services.inner.passwords.hash(&checked.password).await?;
        let now = self.services.now();
        let mut transaction = self.services.store().begin_write().await?;
        if transaction.users().count().await? > 0 {
            return Err(Failure::conflict("already-set-up", []));
        }
        if !transaction.setup_links().use_up(&hash, now).await? {
            return Err(Failure::conflict("setup-link-invalid", []));
        }
        let user = self.add_user(&mut transaction, &checked, password_hash).await?;
        let group =
            store::groups::Group { id: GroupId::new(now, rand::random()), tag, created_by: user.id, created_at: now };
        transaction.groups().add(&group).await?;
        let signed_in = self.begin_session(&mut transaction, &user, client).await?;
        transaction.commit().await?;
        Ok(signed_in)
    }

    /// Makes an administrator without a session, from the command line or at start.
    ///
    /// # Errors
    /// `Conflict` `username-taken`; `Invalid`.
    pub async fn create_administrator(&self, username: &str, password: &SecretString) -> Result<UserId, Failure> {
        let (username, password) = (username.to_owned(), password.clone());
        self.add_person(NewUser { display_name: username.clone(), username, password, role: Role::Admin }).await
    }

    /// Signs in. It takes as long for somebody unknown as for a wrong password.
    ///
    /// # Errors
    /// `Conflict` `wrong-credentials` whatever was wrong; `Busy`.
    pub async fn sign_in(&self, username: &str, password: &SecretString, client: &Client) -> Result<SignedIn, Failure> {
        let account = account_key(username);
        self.count_attempt(&address_key(client.address), OF_ADDRESS).await?;
        self.count_attempt(&account, OF_ACCOUNT).await?;
        let wrong = || Failure::conflict("wrong-credentials", []);
        // Longer than any password of ours: its hash would only cost.
        if password.expose_secret().chars().count() > LONGEST_PASSWORD {
            return Err(wrong());
        }
        let store = self.services.store();
        let user = store.users().find_by_username(username.trim()).await?;
        let hash = match &user {
            Some(user) => store.users().password_hash(user.id).await?,
            None => None,
        };
        let verdict = self.services.inner.passwords.verify(password, hash.as_ref()).await?;
        let user = user.filter(User::is_active).filter(|_| verdict != Verdict::Wrong).ok_or_else(wrong)?;
        let renewed = match verdict {
            Verdict::RightAndOutdated => Some(self.services.inner.passwords.hash(password).await?),
            Verdict::Right | Verdict::Wrong => None,
        };
        let mut transaction = store.begin_write().await?;
        // Between the look and here the user may have been deactivated.
        let user = transaction.users().lookup(user.id).await?.filter(User::is_active).ok_or_else(wrong)?;
        if let Some(renewed) = renewed {
            transaction.users().set_password(user.id, &renewed, self.services.now()).await?;
        }
        let signed_in = self.begin_session(&mut transaction, &user, client).await?;
        transaction.commit().await?;
        self.forgive_attempts(&account).await;
        Ok(signed_in)
    }

    /// The next pair of tokens. A token used a second time ends the session; within ten seconds it gives the same
    /// successor instead, for two tabs that refresh at once.
    ///
    /// # Errors
    /// `SignedOut`.
    pub async fn refresh(&self, refresh_token: &str, client: &Client) -> Result<SignedIn, Failure> {
        self.count_attempt(&format!("refresh:{}", address_key(client.address)), OF_ADDRESS).await?;
        self.prolong(refresh_token).await
    }

    /// Who an access token stands for.
    ///
    /// # Errors
    /// `SignedOut` for a token that is no good and for a session that has ended, whatever the token says.
    pub async fn authenticate(&self, access_token: &str) -> Result<Actor, Failure> {
        let claims = tokens::read_access(self.services.settings(), access_token, self.services.now());
        let claims = claims.ok_or_else(|| Failure::new(FailureKind::SignedOut))?;
        self.actor_of(claims.sid).await
    }

    /// Ends the session.
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), Failure> {
        let mut transaction = self.services.store().begin_write().await?;
        transaction.sessions().end(actor.session_id, EndReason::SignedOut, self.services.now()).await?;
        transaction.commit().await?;
        self.forget(actor.session_id).await;
        Ok(())
    }
}
