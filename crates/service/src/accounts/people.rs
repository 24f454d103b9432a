//! The list of people, and what each may change of themselves.

use secrecy::SecretString;
use serde_json::json;
use store::{
    Constraint, GroupId, StoreError, Transaction, UserId,
    audit::AuditAction,
    permissions::{Exception, Resource},
    sessions::EndReason,
    users::{self, PasswordHash, Role, User},
};

use super::{Accounts, NewUser, UserDetails, UserSummary, names, password};
use crate::{
    actor::Actor,
    audit::{Author, Change},
    failure::{Failure, FailureKind, FieldProblem},
    permissions::Action,
    roles::within_own,
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
        let session = actor.session()?;
        password::check("new", new, &actor.username).map_err(password::refuse)?;
        self.require_password(actor, current).await?;
        let hash = self.services.inner.passwords.hash(new).await?;
        let now = self.services.now();
        let mut transaction = self.services.store().begin_write().await?;
        transaction.users().set_password(actor.user_id, &hash, now).await?;
        let reason = EndReason::PasswordChanged;
        let ended = transaction.sessions().end_all_of(actor.user_id, Some(session), reason, now).await?;
        let change = Change::new(AuditAction::PasswordChanged, Resource::Users, actor.user_id, &actor.username);
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        for session in ended {
            self.forget(session).await;
        }
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
        Ok(UserDetails {
            summary: summary(store.permissions().groups_of(id).await?, user),
            exceptions: store.permissions().exceptions_of(id).await?,
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

    /// Makes a person.
    ///
    /// # Errors
    /// `Conflict` `username-taken`; `Invalid`; `Forbidden` for a role that allows more than one may oneself.
    pub async fn create_user(&self, actor: &Actor, new: NewUser) -> Result<UserId, Failure> {
        actor.require(Resource::Users, Action::Write)?;
        self.check_roles(actor, std::slice::from_ref(&new.role)).await?;
        self.check_groups(actor, &new.groups).await?;
        self.add_person(Author::from(actor), new).await
    }

    /// Gives a person these roles, groups and exceptions, and no others. It holds at once.
    ///
    /// # Errors
    /// `NotFound` `user`; `Invalid` on `roles` or `groups`; `Conflict` `last-administrator`; `Forbidden` for somebody
    /// who may more than oneself, and for giving more than one may oneself.
    pub async fn set_rights(
        &self,
        actor: &Actor,
        id: UserId,
        roles: Vec<Role>,
        groups: Vec<GroupId>,
        exceptions: Vec<Exception>,
    ) -> Result<(), Failure> {
        actor.require(Resource::Users, Action::Modify)?;
        let user = self.in_reach(actor, id).await?;
        self.check_roles(actor, &roles).await?;
        self.check_groups(actor, &groups).await?;
        let given = exceptions.iter().filter(|exception| exception.allowed);
        within_own(actor, false, &given.map(|exception| (exception.resource, exception.action)).collect())?;
        let now = self.services.now();
        let mut transaction = self.services.store().begin_write().await?;
        let admins = transaction.users().hold_active_with_role(&Role::ADMIN).await?;
        if admins == [id] && !roles.contains(&Role::ADMIN) {
            return Err(Failure::conflict("last-administrator", []));
        }
        let old_groups = transaction.permissions().groups_of(id).await?;
        let old_exceptions = transaction.permissions().exceptions_of(id).await?;
        transaction.users().set_roles(id, &roles, now).await?;
        transaction.permissions().set_groups(id, &groups).await?;
        transaction.permissions().set_exceptions(id, &exceptions).await?;
        let change = Change::new(AuditAction::Changed, Resource::Users, id, &user.username).between(
            json!({ "roles": user.roles, "groups": old_groups, "exceptions": old_exceptions }),
            json!({ "roles": roles, "groups": groups, "exceptions": exceptions }),
        );
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        self.renew_all_of(id).await;
        Ok(())
    }

    /// Lets a person in again, or no longer: then every session of theirs ends now.
    ///
    /// # Errors
    /// `NotFound` `user`; `Conflict` `last-administrator`; `Forbidden` for somebody who may more than oneself.
    pub async fn set_active(&self, actor: &Actor, id: UserId, active: bool) -> Result<(), Failure> {
        actor.require(Resource::Users, Action::Modify)?;
        let user = self.in_reach(actor, id).await?;
        let now = self.services.now();
        let mut transaction = self.services.store().begin_write().await?;
        let action = if active { AuditAction::Activated } else { AuditAction::Deactivated };
        let change = Change::new(action, Resource::Users, id, &user.username);
        let mut ended = Vec::new();
        if active {
            transaction.users().activate(id, now).await?;
        } else {
            if transaction.users().hold_active_with_role(&Role::ADMIN).await? == [id] {
                return Err(Failure::conflict("last-administrator", []));
            }
            transaction.users().deactivate(id, now).await?;
            ended = transaction.sessions().end_all_of(id, None, EndReason::Deactivated, now).await?;
        }
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        for session in ended {
            self.forget(session).await;
        }
        Ok(())
    }

    /// A person who may no more than oneself: whoever could change an administrator would be one.
    pub(super) async fn in_reach(&self, actor: &Actor, id: UserId) -> Result<User, Failure> {
        let user = self.services.store().users().lookup(id).await?.ok_or_else(|| Failure::not_found("user"))?;
        let standing = self.standing(&user).await?;
        within_own(actor, standing.all_groups, &standing.grants)?;
        Ok(user)
    }

    async fn check_roles(&self, actor: &Actor, roles: &[Role]) -> Result<(), Failure> {
        let known = self.services.roles().known().await?;
        for role in roles {
            let known = known.iter().find(|known| known.role == *role);
            let known = known.ok_or_else(|| Failure::invalid("roles", "unknown"))?;
            within_own(actor, known.all_groups, &known.grants)?;
        }
        Ok(())
    }

    async fn check_groups(&self, actor: &Actor, groups: &[GroupId]) -> Result<(), Failure> {
        let known = self.services.store().groups().list().await?;
        let seen = |id: &GroupId| known.iter().any(|group| group.id == *id) && actor.is_of(*id);
        if groups.iter().all(seen) { Ok(()) } else { Err(Failure::invalid("groups", "unknown")) }
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
        let user = self.add_user(&mut transaction, &checked, password_hash).await?;
        transaction.permissions().set_groups(user.id, &checked.groups).await?;
        let change = Change::new(AuditAction::Created, Resource::Users, user.id, &user.username)
            .after(json!({ "roles": user.roles, "groups": checked.groups }));
        self.services.record(&mut transaction, author, change).await?;
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
        roles: user.roles,
        groups,
        created_at: user.created_at,
    }
}

fn username_taken(username: &str) -> Failure {
    Failure::conflict("username-taken", [("username", username.to_owned())])
}
