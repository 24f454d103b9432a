//! Roles: the built-in ones, and those that the house makes.

use serde::Serialize;
use serde_json::json;
use store::{Constraint, StoreError, Transaction, audit::AuditAction, permissions::OwnRole, users::Role};

use crate::{
    actor::Actor,
    audit::Change,
    failure::{Failure, FailureKind},
    permissions::{Action, Grants, Resource},
    services::Services,
};

/// The most roles that a house makes: a person has to tell them apart.
const MOST: usize = 50;

/// A role with what it allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleSummary {
    /// Which.
    pub role: Role,
    /// True for one that is part of the program and cannot be changed.
    pub built_in: bool,
    /// True when who has it sees the releases of every group.
    pub all_groups: bool,
    /// What it allows.
    pub grants: Grants,
}

/// The use cases of roles.
#[derive(Debug, Clone, Copy)]
pub struct Roles<'a> {
    pub(crate) services: &'a Services,
}

impl Roles<'_> {
    /// Every role, the built-in ones first.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<RoleSummary>, Failure> {
        actor.require(Resource::Roles, Action::Read)?;
        self.known().await
    }

    /// Makes a role that allows nothing yet beyond these.
    ///
    /// # Errors
    /// `Invalid` on `name`; `Conflict` `role-taken` or `too-many-roles`; `Forbidden` for more than one has oneself.
    pub async fn create(&self, actor: &Actor, name: &str, all_groups: bool, grants: Grants) -> Result<Role, Failure> {
        actor.require(Resource::Roles, Action::Write)?;
        let role: Role = name.trim().parse().map_err(|_| Failure::invalid("name", "invalid"))?;
        within_own(actor, all_groups, &grants)?;
        let known = self.known().await?;
        let taken = || Failure::conflict("role-taken", [("name", role.to_string())]);
        if known.iter().any(|one| one.built_in && store::fold(one.role.word()) == store::fold(role.word())) {
            return Err(taken());
        }
        if known.len() >= MOST + Role::BUILT_IN.len() {
            return Err(Failure::conflict("too-many-roles", [("most", MOST.to_string())]));
        }
        let own = OwnRole { role: role.clone(), all_groups, permissions: grants.iter().collect() };
        let mut transaction = self.services.store().begin_write().await?;
        match transaction.permissions().add_role(&own, self.services.now()).await {
            Err(StoreError::Conflict(Constraint::RoleName)) => return Err(taken()),
            other => other?,
        }
        let change = Change::new(AuditAction::Created, Resource::Roles, role.word(), role.word()).after(written(&own));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        Ok(role)
    }

    /// Gives a role of the house other permissions. They hold at once for whoever has it.
    ///
    /// # Errors
    /// `Conflict` `role-built-in`; `NotFound` `role`; `Forbidden` for more than one has oneself.
    pub async fn change(&self, actor: &Actor, role: &Role, all_groups: bool, grants: Grants) -> Result<(), Failure> {
        actor.require(Resource::Roles, Action::Modify)?;
        within_own(actor, all_groups, &grants)?;
        let own = OwnRole { role: role.clone(), all_groups, permissions: grants.iter().collect() };
        let now = self.services.now();
        let mut transaction = self.services.store().begin_write().await?;
        let before = hold(&mut transaction, role).await?;
        within_own(actor, before.all_groups, &before.permissions.iter().copied().collect())?;
        if !transaction.permissions().change_role(&own, now).await? {
            return Err(Failure::not_found("role"));
        }
        let change = Change::new(AuditAction::Changed, Resource::Roles, role.word(), role.word())
            .between(written(&before), written(&own));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        let sessions = self.services.store().sessions().list_alive_with_role(role, now).await?;
        for session in sessions {
            self.services.accounts().renew(session.id).await;
        }
        Ok(())
    }

    /// Deletes a role of the house that nobody has.
    ///
    /// # Errors
    /// `Conflict` `role-built-in`, or `role-in-use` with `users`; `NotFound` `role`.
    pub async fn delete(&self, actor: &Actor, role: &Role) -> Result<(), Failure> {
        actor.require(Resource::Roles, Action::Delete)?;
        let mut transaction = self.services.store().begin_write().await?;
        let before = hold(&mut transaction, role).await?;
        let users = transaction.permissions().count_with_role(role).await?;
        if users > 0 {
            return Err(Failure::conflict("role-in-use", [("users", users.to_string())]));
        }
        if !transaction.permissions().delete_role(role).await? {
            return Err(Failure::not_found("role"));
        }
        let change = Change::new(AuditAction::Deleted, Resource::Roles, role.word(), role.word())
            .between(written(&before), json!({}));
        self.services.record(&mut transaction, actor, change).await?;
        Ok(transaction.commit().await?)
    }

    /// Every role, for whoever asks.
    pub(crate) async fn known(&self) -> Result<Vec<RoleSummary>, Failure> {
        Ok(known_of(self.services.store().permissions().own_roles().await?))
    }
}

/// A role of the house, which stays as it is, and which nobody else is given, until the transaction ends.
async fn hold(transaction: &mut Transaction, role: &Role) -> Result<OwnRole, Failure> {
    if role.is_built_in() {
        return Err(Failure::conflict("role-built-in", []));
    }
    let roles = transaction.permissions().hold_own_roles().await?;
    roles.into_iter().find(|own| own.role == *role).ok_or_else(|| Failure::not_found("role"))
}

/// The built-in roles and those of the house.
pub(crate) fn known_of(own: Vec<OwnRole>) -> Vec<RoleSummary> {
    let built_in = Role::BUILT_IN.into_iter().map(|role| RoleSummary {
        grants: Grants::of_built_in(&role),
        all_groups: role == Role::ADMIN,
        built_in: true,
        role,
    });
    let own = own.into_iter().map(|own| RoleSummary {
        grants: own.permissions.into_iter().collect(),
        all_groups: own.all_groups,
        built_in: false,
        role: own.role,
    });
    built_in.chain(own).collect()
}

/// Nobody gives what they do not have, or they would give it to themselves.
pub(crate) fn within_own(actor: &Actor, all_groups: bool, grants: &Grants) -> Result<(), Failure> {
    let within = actor.grants.contain(grants) && (actor.all_groups || !all_groups);
    if within { Ok(()) } else { Err(Failure::new(FailureKind::Forbidden)) }
}

fn written(role: &OwnRole) -> serde_json::Value {
    let permissions: Vec<String> =
        role.permissions.iter().map(|(resource, action)| format!("{resource}.{action}")).collect();
    json!({ "all_groups": role.all_groups, "permissions": permissions })
}
