//! People, and how they come in.

mod api_tokens;
mod attempts;
mod devices;
mod email;
mod names;
mod password;
mod people;
mod reset;
mod rights;
mod second_factor;
mod secrets;
mod sessions;
mod sign_in;
mod standing;
mod tokens;
mod totp;

use std::{net::IpAddr, time::Duration};

use packer::group::GroupTag;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{
    GroupId, Timestamp, UserId,
    audit::AuditAction,
    permissions::{Exception, Resource},
    users::Role,
};

use self::attempts::{OF_ADDRESS, address_key};
pub use self::{
    api_tokens::{LONGEST_TOKEN_DAYS, NewToken},
    attempts::household,
    devices::Device,
    email::{EmailChange, OwnEmail},
    names::{LONGEST_DISPLAY_NAME, LONGEST_EMAIL, LONGEST_USERNAME},
    password::{LONGEST as LONGEST_PASSWORD, SHORTEST as SHORTEST_PASSWORD},
    reset::ResetLink,
    rights::RightsChange,
    second_factor::{CodesToBe, RecoveryCodes, SecondFactor},
    secrets::{KeyFit, Rotation},
    sign_in::SignIn,
};
pub(crate) use self::{password::Passwords, tokens::sha256 as token_hash};
use crate::{
    actor::{Actor, Means},
    audit::{Author, Change},
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
    /// Where they are written to; empty for nowhere.
    #[serde(default)]
    pub email: String,
    /// The role.
    pub role: Role,
    /// The groups to be in.
    #[serde(default)]
    pub groups: Vec<GroupId>,
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
    /// The groups that they are in.
    pub groups: Vec<GroupId>,
    /// Where they are written to.
    pub email: Option<String>,
    /// Where they are to be written to once a letter has confirmed it.
    pub unconfirmed_email: Option<String>,
    /// False for somebody who may no longer come in.
    pub active: bool,
    /// Since when.
    pub created_at: Timestamp,
}

/// A person with everything that is looked after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserDetails {
    /// The person.
    #[serde(flatten)]
    pub summary: UserSummary,
    /// What they may do, or may not, whatever their roles say.
    pub exceptions: Vec<Exception>,
    /// What roles, groups and exceptions are known by: another text once one of them is another.
    pub rights_state: String,
    /// True when one-time codes are asked of them.
    pub has_codes: bool,
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
        let token = reset::random_token();
        let mut transaction = self.services.store().begin_write().await?;
        if transaction.users().count().await? > 0 {
            return Err(Failure::conflict("already-set-up", []));
        }
        transaction.setup_links().add(&tokens::sha256(&token), now, expires_at).await?;
        let change = Change::new(AuditAction::Created, Resource::Keys, "setup", "setup link")
            .after(json!({ "expires_at": expires_at }));
        self.services.record(&mut transaction, Author::command_line(), change).await?;
        transaction.commit().await?;
        Ok(SetupToken { token: token.into(), expires_at })
    }

    /// True for the token of a setup link that is still taken.
    pub async fn opens_setup(&self, token: &str) -> Result<bool, Failure> {
        Ok(self.services.store().setup_links().is_usable(&tokens::sha256(token), self.services.now()).await?)
    }

    /// Makes the first person, an administrator, and the first group, and signs in.
    ///
    /// # Errors
    /// `Conflict` `setup-link-invalid` or `already-set-up`; `Invalid` on the fields of [`NewAdministrator`]; `Busy`.
    pub async fn set_up(&self, token: &str, new: NewAdministrator, client: &Client) -> Result<SignedIn, Failure> {
        self.count_at_door(client).await?;
        let mut problems = Vec::new();
        let tag = new.group_tag.trim().parse::<GroupTag>();
        if tag.is_err() {
            problems.push(FieldProblem { field: "group_tag", code: "invalid", data: [].into() });
        }
        let user = NewUser {
            username: new.username,
            display_name: new.display_name,
            password: new.password,
            email: String::new(),
            role: Role::ADMIN,
            groups: Vec::new(),
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
        let group = store::groups::Group {
            id: GroupId::new(now, rand::random()),
            tag,
            created_by: user.id,
            created_at: now,
            quota_bytes: None,
        };
        transaction.groups().add(&group).await?;
        transaction.permissions().set_members(group.id, &[user.id]).await?;
        let mut signed_in = self.begin_session(&mut transaction, &user, client).await?;
        signed_in.actor.groups.push(group.id);
        let author = Author::from(&signed_in.actor);
        let made = Change::new(AuditAction::Created, Resource::Users, user.id, &user.username);
        self.services.record(&mut transaction, author.clone(), made.after(json!({ "roles": user.roles }))).await?;
        let made = Change::new(AuditAction::Created, Resource::Groups, group.id, group.tag.as_str());
        self.services.record(&mut transaction, author, made).await?;
        transaction.commit().await?;
        self.has_begun(&signed_in).await;
        Ok(signed_in)
    }

    /// Makes an administrator without a session, from the command line or at start.
    ///
    /// # Errors
    /// `Conflict` `username-taken`; `Invalid`.
    pub async fn create_administrator(&self, username: &str, password: &SecretString) -> Result<UserId, Failure> {
        let (username, password) = (username.to_owned(), password.clone());
        let new = NewUser {
            display_name: username.clone(),
            username,
            password,
            email: String::new(),
            role: Role::ADMIN,
            groups: Vec::new(),
        };
        self.add_person(Author::command_line(), new).await
    }

    /// The next pair of tokens. A token used a second time ends the session; within ten seconds it gives the same
    /// successor instead, for two tabs that refresh at once.
    ///
    /// # Errors
    /// `SignedOut`.
    pub async fn refresh(&self, refresh_token: &str, client: &Client) -> Result<SignedIn, Failure> {
        self.count_attempt(&format!("refresh:{}", address_key(client.address)), OF_ADDRESS).await?;
        self.prolong(refresh_token, client).await
    }

    /// Who an access token or a personal token stands for.
    ///
    /// # Errors
    /// `SignedOut` for a token that is no good and for a session that has ended, whatever the token says.
    pub async fn authenticate(&self, token: &str) -> Result<Actor, Failure> {
        if api_tokens::looks_like_one(token) {
            return self.actor_with_token(token).await;
        }
        let claims = tokens::read_access(self.services.settings(), token, self.services.now());
        let claims = claims.ok_or_else(|| Failure::new(FailureKind::SignedOut))?;
        self.actor_of(claims.sid).await
    }

    /// Who an actor is now, in the same session or with the same token.
    ///
    /// # Errors
    /// `SignedOut` once that has ended.
    pub async fn still(&self, actor: &Actor) -> Result<Actor, Failure> {
        let id = match actor.means {
            Means::Session(id) => return self.actor_of(id).await,
            Means::Token(id) => id,
        };
        let tokens = self.services.store().api_tokens().list_of(actor.user_id).await?;
        let token = tokens.iter().find(|token| token.id == id);
        self.actor_of_token(token.ok_or_else(|| Failure::new(FailureKind::SignedOut))?).await
    }

    /// Ends the session.
    ///
    /// # Errors
    /// `Forbidden` with a personal token, which is ended on its owner's page.
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), Failure> {
        let session = actor.session()?;
        let mut transaction = self.services.store().begin_write().await?;
        self.end_session(&mut transaction, actor, session).await?;
        transaction.commit().await?;
        self.forget(session).await;
        Ok(())
    }
}
