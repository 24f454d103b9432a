//! Where people are written to.

use secrecy::SecretString;
use serde_json::json;
use store::{Transaction, UserId, audit::AuditAction, permissions::Resource, users::User};

use super::{Accounts, names};
use crate::{actor::Actor, audit::Change, failure::Failure, permissions::Action};

impl Accounts<'_> {
    /// The address at which one is written to oneself.
    ///
    /// # Errors
    /// `Forbidden` with a personal token.
    pub async fn own_email(&self, actor: &Actor) -> Result<Option<String>, Failure> {
        actor.session()?;
        Ok(self.services.store().users().lookup(actor.user_id).await?.and_then(|user| user.email))
    }

    /// Gives oneself another address; an empty one takes it away. Whoever reads what is sent there can choose a new
    /// password, so the present one is asked for.
    ///
    /// # Errors
    /// `Invalid` on `email` or on `current` (`wrong`); `Busy`; `Forbidden` with a personal token.
    pub async fn set_own_email(&self, actor: &Actor, current: &SecretString, email: &str) -> Result<(), Failure> {
        actor.session()?;
        let email = names::email(email).map_err(super::password::refuse)?;
        self.require_password(actor, current).await?;
        let mut transaction = self.services.store().begin_write().await?;
        let user = transaction.users().hold(actor.user_id).await?.ok_or_else(|| Failure::not_found("user"))?;
        self.set_email(transaction, actor, &user, email).await
    }

    /// Gives a person another address; an empty one takes it away.
    ///
    /// # Errors
    /// `NotFound` `user`; `Invalid` on `email`; `Forbidden` for somebody who may more than oneself, or is in a group that
    /// one is not in, and with a personal token.
    pub async fn set_email_of(&self, actor: &Actor, id: UserId, email: &str) -> Result<(), Failure> {
        actor.require(Resource::Users, Action::Modify)?;
        // Whoever reads what is sent there can choose a new password, which no token does.
        actor.session()?;
        let mut transaction = self.services.store().begin_write().await?;
        let user = self.hold_in_reach(&mut transaction, actor, id).await?;
        let email = names::email(email).map_err(super::password::refuse)?;
        self.set_email(transaction, actor, &user, email).await
    }

    /// Links that were sent to the address of before are no longer taken.
    async fn set_email(
        &self,
        mut transaction: Transaction,
        actor: &Actor,
        user: &User,
        email: Option<String>,
    ) -> Result<(), Failure> {
        if user.email == email {
            return Ok(transaction.roll_back().await?);
        }
        transaction.users().set_email(user.id, email.as_deref(), self.services.now()).await?;
        transaction.reset_links().remove_of(user.id).await?;
        let change = Change::new(AuditAction::Changed, Resource::Users, user.id, &user.username)
            .between(json!({ "email": user.email }), json!({ "email": email }));
        self.services.record(&mut transaction, actor, change).await?;
        Ok(transaction.commit().await?)
    }
}
