//! A new password for somebody who has lost theirs: by a link, good once, that an administrator makes or a letter brings.

use std::time::Duration;

use secrecy::SecretString;
use store::{Timestamp, UserId, audit::AuditAction, permissions::Resource, sessions::EndReason, users::User};

use super::{Accounts, Client, password, tokens};
use crate::{
    actor::Actor,
    audit::{Author, Change},
    failure::Failure,
    permissions::Action,
};

/// How long a link is good for.
pub(super) const LIFETIME: Duration = Duration::from_hours(24);

/// The one-time token of a reset link. Shown once; only its hash is kept.
#[derive(Debug, Clone)]
pub struct ResetLink {
    /// The token, for `/reset?token=…`.
    pub token: SecretString,
    /// When it is no longer taken.
    pub expires_at: Timestamp,
}

impl Accounts<'_> {
    /// Makes a link with which a person chooses a new password. Those before it are no longer taken. One's own password is
    /// asked for: nobody at an open session opens the accounts of others.
    ///
    /// # Errors
    /// `Invalid` on `current` (`wrong`); `Busy`; `NotFound` `user`; `Conflict` `user-inactive`; `Forbidden` for somebody who
    /// may more than oneself, or is in a group that one is not in.
    pub async fn make_reset_link(
        &self,
        actor: &Actor,
        current: &SecretString,
        id: UserId,
    ) -> Result<ResetLink, Failure> {
        actor.require(Resource::Users, Action::Modify)?;
        actor.session()?;
        self.require_password(actor, current).await?;
        let now = self.services.now();
        let expires_at = now.after(LIFETIME);
        let token = random_token();
        let mut transaction = self.services.store().begin_write().await?;
        let user = self.hold_in_reach(&mut transaction, actor, id).await?;
        if !user.is_active() {
            return Err(Failure::conflict("user-inactive", []));
        }
        transaction.reset_links().add(&tokens::sha256(&token), id, now, expires_at).await?;
        let change = Change::new(AuditAction::ResetLink, Resource::Users, id, &user.username);
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        Ok(ResetLink { token: token.into(), expires_at })
    }

    /// A link for a letter that is being written, beside those that there are.
    pub(crate) async fn make_link_for(&self, user: UserId) -> Result<SecretString, Failure> {
        let now = self.services.now();
        let token = random_token();
        let mut transaction = self.services.store().begin_write().await?;
        transaction.reset_links().add_another(&tokens::sha256(&token), user, now, now.after(LIFETIME)).await?;
        transaction.commit().await?;
        Ok(token.into())
    }

    /// True while a link can be used.
    pub async fn is_reset_link(&self, token: &str) -> Result<bool, Failure> {
        let owner = self.services.store().reset_links().owner(&tokens::sha256(token), self.services.now()).await?;
        Ok(owner.is_some())
    }

    /// Chooses a new password with a link, which is used up. Every session of the person ends, and their tokens with
    /// them: whoever knew the old password may have made some. So is forgotten what address they asked for and have not
    /// confirmed; what an administrator gave waits on.
    ///
    /// # Errors
    /// `Conflict` `reset-link-invalid`; `Invalid` on `new`; `Busy`.
    pub async fn reset_password(&self, token: &str, new: &SecretString, client: &Client) -> Result<(), Failure> {
        self.count_at_door(client).await?;
        let invalid = || Failure::conflict("reset-link-invalid", []);
        let store = self.services.store();
        let hash = tokens::sha256(token);
        let owner = store.reset_links().owner(&hash, self.services.now()).await?.ok_or_else(invalid)?;
        let user = store.users().lookup(owner).await?.filter(User::is_active).ok_or_else(invalid)?;
        password::check("new", new, &user.username).map_err(password::refuse)?;
        let password_hash = self.services.inner.passwords.hash(new).await?;
        let now = self.services.now();
        let mut transaction = store.begin_write().await?;
        if !transaction.reset_links().use_up(&hash, now).await? {
            return Err(invalid());
        }
        transaction.users().set_password(user.id, &password_hash, now).await?;
        transaction.reset_links().remove_of(user.id).await?;
        self.forget_unconfirmed(&mut transaction, user.id).await?;
        transaction.api_tokens().end_all_of(user.id, now).await?;
        let ended = transaction.sessions().end_all_of(user.id, None, EndReason::PasswordChanged, now).await?;
        let author = Author {
            id: Some(user.id),
            name: user.username.clone(),
            token_id: None,
            address: Some(client.address.to_string()),
        };
        let change = Change::new(AuditAction::PasswordReset, Resource::Users, user.id, &user.username);
        self.services.record(&mut transaction, author, change).await?;
        transaction.commit().await?;
        self.forget_all(ended).await;
        Ok(())
    }
}

/// 256 bits at random.
pub(super) fn random_token() -> String {
    format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>())
}
