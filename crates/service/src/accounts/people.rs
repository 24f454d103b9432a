//! The list of people, and what each may change of themselves.

use secrecy::{ExposeSecret, SecretString};
use store::{
    Constraint, StoreError, Transaction, UserId,
    sessions::EndReason,
    users::{self, PasswordHash, Role, User},
};

use super::{
    Accounts, NewUser, UserSummary,
    attempts::{OF_ACCOUNT, account_key},
    names,
    password::{self, Verdict},
};
use crate::{
    actor::Actor,
    failure::{Failure, FailureKind, FieldProblem},
    permissions::{Action, Resource},
};

/// The languages of the interface.
const LOCALES: [&str; 2] = ["en", "fr"];

impl NewUser {
    /// The same person with names in their proper form, or what is wrong with each field.
    pub(super) fn checked(self, problems: &mut Vec<FieldProblem>) -> Option<Self> {
        let username = names::username(&self.username).map_err(|problem| problems.push(problem)).ok();
        let display_name = names::display_name(&self.display_name).map_err(|problem| problems.push(problem)).ok();
        let rule = password::check("password", &self.password, &self.username);
        let password = rule.map_err(|problem| problems.push(problem)).ok();
        let (username, display_name, ()) = (username?, display_name?, password?);
        Some(Self { username, display_name, ..self })
    }
}

impl Accounts<'_> {
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
        let key = account_key(&actor.username);
        self.count_attempt(&key, OF_ACCOUNT).await?;
        password::check("new", new, &actor.username).map_err(password::refuse)?;
        let store = self.services.store();
        let hash = store.users().password_hash(actor.user_id).await?;
        if current.expose_secret().chars().count() > password::LONGEST
            || self.services.inner.passwords.verify(current, hash.as_ref()).await? == Verdict::Wrong
        {
            return Err(Failure::invalid("current", "wrong"));
        }
        let hash = self.services.inner.passwords.hash(new).await?;
        let now = self.services.now();
        let mut transaction = store.begin_write().await?;
        transaction.users().set_password(actor.user_id, &hash, now).await?;
        let reason = EndReason::PasswordChanged;
        let ended = transaction.sessions().end_all_of(actor.user_id, Some(actor.session_id), reason, now).await?;
        transaction.commit().await?;
        for session in ended {
            self.forget(session).await;
        }
        self.forgive_attempts(&key).await;
        Ok(())
    }

    /// Chooses the language of the interface, `en` or `fr`.
    ///
    /// # Errors
    /// `Invalid` on `locale`.
    pub async fn set_locale(&self, actor: &Actor, locale: &str) -> Result<(), Failure> {
        if !LOCALES.contains(&locale) {
            return Err(Failure::invalid("locale", "unknown"));
        }
        let mut transaction = self.services.store().begin_write().await?;
        transaction.users().set_locale(actor.user_id, Some(locale), self.services.now()).await?;
        transaction.commit().await?;
        self.unremember(actor.session_id).await;
        Ok(())
    }

    /// Everybody, by username.
    pub async fn users(&self, actor: &Actor) -> Result<Vec<UserSummary>, Failure> {
        actor.require(Resource::Users, Action::Read)?;
        let users = self.services.store().users().list().await?;
        let summary = |user: User| UserSummary {
            active: user.is_active(),
            id: user.id,
            username: user.username,
            display_name: user.display_name,
            roles: user.roles,
            created_at: user.created_at,
        };
        Ok(users.into_iter().map(summary).collect())
    }

    /// Makes a person.
    ///
    /// # Errors
    /// `Conflict` `username-taken`; `Invalid`.
    pub async fn create_user(&self, actor: &Actor, new: NewUser) -> Result<UserId, Failure> {
        actor.require(Resource::Users, Action::Write)?;
        self.add_person(new).await
    }

    /// Lets a person in again, or no longer: then every session of theirs ends now.
    ///
    /// # Errors
    /// `Conflict` `last-administrator`.
    pub async fn set_active(&self, actor: &Actor, id: UserId, active: bool) -> Result<(), Failure> {
        actor.require(Resource::Users, Action::Modify)?;
        let now = self.services.now();
        let mut transaction = self.services.store().begin_write().await?;
        if transaction.users().lookup(id).await?.is_none() {
            return Err(Failure::not_found("user"));
        }
        if active {
            transaction.users().activate(id, now).await?;
            return Ok(transaction.commit().await?);
        }
        if transaction.users().hold_active_with_role(Role::Admin).await? == [id] {
            return Err(Failure::conflict("last-administrator", []));
        }
        transaction.users().deactivate(id, now).await?;
        let ended = transaction.sessions().end_all_of(id, None, EndReason::Deactivated, now).await?;
        transaction.commit().await?;
        for session in ended {
            self.forget(session).await;
        }
        Ok(())
    }

    pub(super) async fn add_person(&self, new: NewUser) -> Result<UserId, Failure> {
        let mut problems = Vec::new();
        let checked = new.checked(&mut problems);
        let checked = checked.ok_or_else(|| Failure::new(FailureKind::Invalid(problems)))?;
        // Looked at before a hash is paid for; the index has the last word.
        if self.services.store().users().find_by_username(&checked.username).await?.is_some() {
            return Err(username_taken(&checked.username));
        }
        let password_hash = self.services.inner.passwords.hash(&checked.password).await?;
        let mut transaction = self.services.store().begin_write().await?;
        let user = self.add_user(&mut transaction, &checked, password_hash).await?;
        transaction.commit().await?;
        Ok(user.id)
    }

    /// Adds a person whose fields are checked, in a transaction that the caller commits.
    pub(super) async fn add_user(
        &self,
        transaction: &mut Transaction,
        new: &NewUser,
        password_hash: PasswordHash,
    ) -> Result<User, Failure> {
        let now = self.services.now();
        let id = UserId::new(now, rand::random());
        let user = users::NewUser {
            id,
            username: new.username.clone(),
            display_name: new.display_name.clone(),
            password_hash,
            locale: None,
            roles: vec![new.role],
        };
        match transaction.users().add(&user, now).await {
            Err(StoreError::Conflict(Constraint::Username)) => return Err(username_taken(&new.username)),
            other => other?,
        }
        transaction.users().lookup(id).await?.ok_or_else(|| Failure::not_found("user"))
    }
}

fn username_taken(username: &str) -> Failure {
    Failure::conflict("username-taken", [("username", username.to_owned())])
}
