//! The list of people, and what each may change of themselves.

use secrecy::SecretString;
use serde_json::{Value, json};
use store::{
    Constraint, GroupId, StoreError, Transaction, UserId,
    audit::AuditAction,
    permissions::Resource,
    sessions::EndReason,
    users::{self, PasswordHash, Role, User},
};

use super::{
    Accounts, Client, NewUser, SignedIn, UserDetails, UserSummary, names, password,
    reset::{self, random_token},
    rights::{check_groups, check_roles, rights_state},
    tokens,
};
use crate::{
    actor::Actor,
    audit::{Author, Change},
    failure::{Failure, FailureKind, FieldProblem},
    permissions::Action,
    roles::{known_of, within_own},
};

/// Signs of a language's tag, such as `pt-BR`; what is longer is none of the interface.
const LONGEST_TAG: usize = 8;

impl NewUser {
    /// The same person with names in their proper form, or what is wrong with each field.
    pub(super) fn checked(self, problems: &mut Vec<FieldProblem>) -> Option<Self> {
        let username = names::username(&self.username).map_err(|problem| problems.push(problem)).ok();
        let display_name = names::display_name(&self.display_name).map_err(|problem| problems.push(problem)).ok();
        let rule = password::check("password", &self.password, &self.username);
        let password = rule.map_err(|problem| problems.push(problem)).ok();
        let email = names::email(&self.email).map_err(|problem| problems.push(problem)).ok();
        let (username, display_name, (), email) = (username?, display_name?, password?, email?);
        Some(Self { username, display_name, email: email.unwrap_or_default(), ..self })
    }
}

impl Accounts<'_> {
    /// Changes one's own password. Every session and every token of the person ends, and a new session begins in the place
    /// of this one: whoever has seen its tokens, or made one for the API, has nothing any more. An address that they asked
    /// for and that waits to be confirmed is forgotten with it, for whoever knew the old password may have been the one;
    /// what an administrator gave waits on.
    ///
    /// # Errors
    /// `Invalid` on `current` (`wrong`) or `new`; `Busy`.
    pub async fn change_password(
        &self,
        actor: &Actor,
        current: &SecretString,
        new: &SecretString,
        client: &Client,
    ) -> Result<SignedIn, Failure> {
        actor.session()?;
        password::check("new", new, &actor.username).map_err(password::refuse)?;
        let compared = self.require_password(actor, current).await?;
        let hash = self.services.inner.passwords.hash(new).await?;
        let now = self.services.now();
        let mut transaction = self.services.store().begin_write().await?;
        let user = transaction.users().hold(actor.user_id).await?.filter(User::is_active);
        let present = transaction.users().password_hash(actor.user_id).await?;
        // Hashing takes its time: whoever was reset or deactivated meanwhile gets no session out of the old password.
        let is_present = present.is_some_and(|present| present.0 == compared.0);
        let user = user.filter(|_| is_present).ok_or_else(|| Failure::invalid("current", "wrong"))?;
        transaction.users().set_password(user.id, &hash, now).await?;
        transaction.reset_links().remove_of(user.id).await?;
        self.forget_unconfirmed(&mut transaction, user.id).await?;
        transaction.api_tokens().end_all_of(user.id, now).await?;
        let ended = transaction.sessions().end_all_of(user.id, None, EndReason::PasswordChanged, now).await?;
        let signed_in = self.begin_session(&mut transaction, &user, client).await?;
        let change = Change::new(AuditAction::PasswordChanged, Resource::Users, actor.user_id, &actor.username);
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        self.has_begun(&signed_in).await;
        self.forget_all(ended).await;
        Ok(signed_in)
    }

    /// Chooses the language of the interface by its tag. Which there are the interface knows; where it no longer has one, it
    /// speaks as if none were chosen.
    ///
    /// # Errors
    /// `Invalid` on `locale`; `Forbidden` with a token.
    pub async fn set_locale(&self, actor: &Actor, locale: &str) -> Result<(), Failure> {
        actor.session()?;
        let is_tag = |sign: u8| sign.is_ascii_alphanumeric() || sign == b'-';
        if locale.is_empty() || locale.len() > LONGEST_TAG || !locale.bytes().all(is_tag) {
            return Err(Failure::invalid("locale", "unknown"));
        }
        let mut transaction = self.services.store().begin_write().await?;
        transaction.users().set_locale(actor.user_id, Some(locale), self.services.now()).await?;
        transaction.commit().await?;
        self.renew_all_of(actor.user_id).await;
        Ok(())
    }

    /// Everybody, by username.
    pub async fn users(&self, actor: &Actor) -> Result<Vec<UserSummary>, Failure> {
        actor.require(Resource::Users, Action::Read)?;
        let users = self.services.store().users().list().await?;
        let members = self.services.store().permissions().members().await?;
        let groups = |id: UserId| members.iter().filter(move |(_, users)| users.contains(&id)).map(|(group, _)| *group);
        Ok(users.into_iter().map(|user| summary(groups(user.id).collect(), user)).collect())
    }

    /// Everything about one person.
    ///
    /// # Errors
    /// `NotFound` `user`.
    pub async fn user(&self, actor: &Actor, id: UserId) -> Result<UserDetails, Failure> {
        actor.require(Resource::Users, Action::Read)?;
        let store = self.services.store();
        let user = store.users().lookup(id).await?.ok_or_else(|| Failure::not_found("user"))?;
        let seed = store.second_factors().seed(id).await?;
        let groups = store.permissions().groups_of(id).await?;
        let exceptions = store.permissions().exceptions_of(id).await?;
        Ok(UserDetails {
            rights_state: rights_state(&user.roles, &groups, &exceptions),
            summary: summary(groups, user),
            exceptions,
            has_codes: seed.is_some_and(|seed| seed.confirmed_at.is_some()),
        })
    }

    /// The roles that one may give: those that allow no more than one may oneself.
    pub async fn roles_to_give(&self, actor: &Actor) -> Result<Vec<Role>, Failure> {
        actor.require(Resource::Users, Action::Read)?;
        let known = self.services.roles().known().await?;
        let within = known.into_iter().filter(|known| within_own(actor, known.all_groups, &known.grants).is_ok());
        Ok(within.map(|known| known.role).collect())
    }

    /// Makes a person. Where mail is sent, a letter asks whether the address is theirs.
    ///
    /// # Errors
    /// `Conflict` `username-taken`; `Invalid`; `Forbidden` for a role that allows more than one may oneself.
    pub async fn create_user(&self, actor: &Actor, new: NewUser) -> Result<UserId, Failure> {
        actor.require(Resource::Users, Action::Write)?;
        check_roles(actor, &self.services.roles().known().await?, std::slice::from_ref(&new.role))?;
        check_groups(actor, &self.services.store().groups().list().await?, &new.groups)?;
        self.add_person(Author::from(actor), new).await
    }

    /// Makes a person who chooses the first password themselves, and gives the token of a reset link, good once and for a
    /// day. What `new` has as password does not count.
    ///
    /// # Errors
    /// As [`Self::create_user`]; `Forbidden` with a personal token.
    pub async fn invite_user(&self, actor: &Actor, mut new: NewUser) -> Result<(UserId, SecretString), Failure> {
        actor.require(Resource::Users, Action::Write)?;
        actor.session()?;
        // Nobody gets to know it, and so nobody comes in with it.
        new.password = random_token().into();
        let username = new.username.clone();
        let id = self.create_user(actor, new).await?;
        let (now, token) = (self.services.now(), random_token());
        let mut transaction = self.services.store().begin_write().await?;
        transaction.reset_links().add(&tokens::sha256(&token), id, now, now.after(reset::LIFETIME)).await?;
        let change = Change::new(AuditAction::ResetLink, Resource::Users, id, &username);
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        Ok((id, token.into()))
    }

    /// Lets a person in again, or no longer: then every session and token of theirs ends now, for good.
    ///
    /// # Errors
    /// `NotFound` `user`; `Conflict` `last-administrator`; `Forbidden` for somebody who may more than oneself.
    pub async fn set_active(&self, actor: &Actor, id: UserId, active: bool) -> Result<(), Failure> {
        actor.require(Resource::Users, Action::Modify)?;
        let now = self.services.now();
        let mut transaction = self.services.store().begin_write().await?;
        let administrators = transaction.users().hold_active_with_role(&Role::ADMIN).await?;
        let user = self.hold_in_reach(&mut transaction, actor, id).await?;
        let action = if active { AuditAction::Activated } else { AuditAction::Deactivated };
        let change = Change::new(action, Resource::Users, id, &user.username);
        let mut ended = Vec::new();
        if active {
            transaction.users().activate(id, now).await?;
        } else {
            if administrators == [id] {
                return Err(Failure::conflict("last-administrator", []));
            }
            transaction.users().deactivate(id, now).await?;
            transaction.reset_links().remove_of(id).await?;
            transaction.email_links().remove_of(id).await?;
            transaction.api_tokens().end_all_of(id, now).await?;
            ended = transaction.sessions().end_all_of(id, None, EndReason::Deactivated, now).await?;
        }
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        self.forget_all(ended).await;
        Ok(())
    }

    pub(super) async fn add_person(&self, author: Author, new: NewUser) -> Result<UserId, Failure> {
        let mut problems = Vec::new();
        let checked = new.checked(&mut problems);
        let checked = checked.ok_or_else(|| Failure::new(FailureKind::Invalid(problems)))?;
        // Looked at before a hash is paid for; the index has the last word.
        if self.services.store().users().find_by_username(&checked.username).await?.is_some() {
            return Err(username_taken(&checked.username));
        }
        let password_hash = self.services.inner.passwords.hash(&checked.password).await?;
        let mut transaction = self.services.store().begin_write().await?;
        let known = known_of(transaction.permissions().hold_own_roles().await?);
        if !known.iter().any(|known| known.role == checked.role) {
            return Err(Failure::invalid("role", "unknown"));
        }
        let sends_mail = self.services.settings().sends_mail;
        let email = Some(checked.email.as_str()).filter(|email| sends_mail && !email.is_empty());
        let confirmed = if sends_mail { String::new() } else { checked.email.clone() };
        let user = NewUser { email: confirmed, ..checked.clone() };
        let user = self.add_user(&mut transaction, &user, password_hash).await?;
        if let Some(email) = email {
            self.ask_to_confirm_given(&mut transaction, &user, email).await?;
        }
        transaction.permissions().set_groups(user.id, &checked.groups).await?;
        let change = Change::new(AuditAction::Created, Resource::Users, user.id, &user.username).after(made(
            &user,
            &checked.groups,
            email,
        ));
        self.services.record(&mut transaction, author, change).await?;
        transaction.commit().await?;
        self.services.letters().ring();
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
            email: Some(new.email.clone()).filter(|email| !email.is_empty()),
            password_hash,
            locale: None,
            roles: vec![new.role.clone()],
        };
        match transaction.users().add(&user, now).await {
            Err(StoreError::Conflict(Constraint::Username)) => return Err(username_taken(&new.username)),
            other => other?,
        }
        transaction.users().lookup(id).await?.ok_or_else(|| Failure::not_found("user"))
    }
}

fn summary(groups: Vec<GroupId>, user: User) -> UserSummary {
    UserSummary {
        active: user.is_active(),
        id: user.id,
        username: user.username,
        display_name: user.display_name,
        email: user.email,
        unconfirmed_email: user.unconfirmed_email,
        roles: user.roles,
        groups,
        created_at: user.created_at,
    }
}

/// What is written down of somebody new: with the address, for a link to a new password goes there.
fn made(user: &User, groups: &[GroupId], unconfirmed_email: Option<&str>) -> Value {
    let mut written = json!({ "roles": user.roles, "groups": groups });
    for (name, email) in [("email", user.email.as_deref()), ("unconfirmed_email", unconfirmed_email)] {
        if let Some(email) = email {
            written[name] = email.into();
        }
    }
    written
}

fn username_taken(username: &str) -> Failure {
    Failure::conflict("username-taken", [("username", username.to_owned())])
}
