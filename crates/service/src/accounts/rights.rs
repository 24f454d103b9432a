//! What a person is allowed by somebody who looks after people.

use serde_json::json;
use store::{
    GroupId, Transaction, UserId,
    audit::AuditAction,
    groups::Group,
    permissions::{Exception, Resource},
    sessions::EndReason,
    users::{Role, User},
};

use super::{Accounts, standing::Standing, tokens};
use crate::{
    actor::Actor,
    audit::Change,
    failure::{Failure, FailureKind},
    permissions::Action,
    roles::{RoleSummary, known_of, within_own},
};

/// Other rights for a person. What is absent stays.
#[derive(Debug, Clone, Default)]
pub struct RightsChange {
    /// These roles and no others, but for those that one may not give: they stay.
    pub roles: Option<Vec<Role>>,
    /// These groups and no others.
    pub groups: Option<Vec<GroupId>>,
    /// These exceptions and no others.
    pub exceptions: Option<Vec<Exception>>,
    /// The [`rights_state`](super::UserDetails::rights_state) that was changed; absent for whoever does not care.
    pub seen: Option<String>,
}

impl Accounts<'_> {
    /// Gives a person other roles, groups and exceptions. It holds at once, and links to a new password that were made
    /// before are no longer taken. Who may do more or less than before signs in anew: no session, and no copy of one, goes
    /// on with other rights than it was begun with.
    ///
    /// # Errors
    /// `NotFound` `user`; `Invalid` on `roles` or `groups`; `Conflict` `last-administrator`, or `rights-changed-meanwhile`
    /// when they are not those that were seen; `Forbidden` for somebody who may more than oneself or is in a group that
    /// one is not in, and for giving more than one may oneself, be it by taking an exception away that denies it.
    pub async fn set_rights(&self, actor: &Actor, id: UserId, change: RightsChange) -> Result<(), Failure> {
        actor.require(Resource::Users, Action::Modify)?;
        let now = self.services.now();
        let mut transaction = self.services.store().begin_write().await?;
        let admins = transaction.users().hold_active_with_role(&Role::ADMIN).await?;
        let known_groups = transaction.groups().hold_all().await?;
        let user = self.hold_in_reach(&mut transaction, actor, id).await?;
        let known = known_of(transaction.permissions().hold_own_roles().await?);
        let old_groups = transaction.permissions().groups_of(id).await?;
        let old_exceptions = transaction.permissions().exceptions_of(id).await?;
        if change.seen.is_some_and(|seen| seen != rights_state(&user.roles, &old_groups, &old_exceptions)) {
            return Err(Failure::conflict("rights-changed-meanwhile", [("name", user.username)]));
        }
        let roles = match change.roles {
            None => user.roles.clone(),
            Some(roles) => {
                check_roles(actor, &known, &roles)?;
                with_those_that_stay(actor, &known, &user.roles, roles)
            }
        };
        let groups = change.groups.unwrap_or_else(|| old_groups.clone());
        let exceptions = change.exceptions.unwrap_or_else(|| old_exceptions.clone());
        check_groups(actor, &known_groups, &groups)?;
        let given = exceptions.iter().filter(|exception| exception.allowed);
        within_own(actor, false, &given.map(|exception| (exception.resource, exception.action)).collect())?;
        if admins == [id] && !roles.contains(&Role::ADMIN) {
            return Err(Failure::conflict("last-administrator", []));
        }
        let grants = |roles: &[Role], exceptions: &[Exception]| {
            let user = User { roles: roles.to_vec(), ..user.clone() };
            let standing = Standing::of(&user, &known, exceptions, Vec::new());
            (standing.grants, standing.all_groups)
        };
        let after = grants(&roles, &exceptions);
        // A denial that is left out gives as much as an exception that allows.
        within_own(actor, after.1, &after.0)?;
        let is_other = grants(&user.roles, &old_exceptions) != after;
        transaction.users().set_roles(id, &roles, now).await?;
        transaction.permissions().set_groups(id, &groups).await?;
        transaction.permissions().set_exceptions(id, &exceptions).await?;
        transaction.reset_links().remove_of(id).await?;
        let ended = if is_other {
            transaction.sessions().end_all_of(id, None, EndReason::RightsChanged, now).await?
        } else {
            Vec::new()
        };
        let change = Change::new(AuditAction::Changed, Resource::Users, id, &user.username).between(
            json!({ "roles": user.roles, "groups": old_groups, "exceptions": old_exceptions }),
            json!({ "roles": roles, "groups": groups, "exceptions": exceptions }),
        );
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        self.forget_all(ended).await;
        self.renew_all_of(id).await;
        Ok(())
    }

    /// A person who may no more than oneself and is in no group that one is not in: whoever could change an
    /// administrator would be one, and whoever could be an editor of a group would see what it has. They stay as they
    /// are until the transaction ends.
    pub(crate) async fn hold_in_reach(
        &self,
        transaction: &mut Transaction,
        actor: &Actor,
        id: UserId,
    ) -> Result<User, Failure> {
        let user = transaction.users().hold(id).await?.ok_or_else(|| Failure::not_found("user"))?;
        let known = known_of(transaction.permissions().own_roles().await?);
        let exceptions = transaction.permissions().exceptions_of(id).await?;
        let groups = transaction.permissions().groups_of(id).await?;
        let standing = Standing::of(&user, &known, &exceptions, groups);
        within_own(actor, standing.all_groups, &standing.grants)?;
        if standing.groups.iter().all(|group| actor.is_of(*group)) {
            Ok(user)
        } else {
            Err(Failure::new(FailureKind::Forbidden))
        }
    }
}

/// What the rights of a person are known by: another text once one of them is another.
pub(super) fn rights_state(roles: &[Role], groups: &[GroupId], exceptions: &[Exception]) -> String {
    tokens::sha256(&json!([roles, groups, exceptions]).to_string()).to_string()
}

/// Refuses roles that are unknown, and those that allow more than one may oneself.
pub(super) fn check_roles(actor: &Actor, known: &[RoleSummary], roles: &[Role]) -> Result<(), Failure> {
    for role in roles {
        let known = known.iter().find(|known| known.role == *role);
        let known = known.ok_or_else(|| Failure::invalid("roles", "unknown"))?;
        within_own(actor, known.all_groups, &known.grants)?;
    }
    Ok(())
}

/// Who may not give a role does not take it either: a form does not even show it.
fn with_those_that_stay(actor: &Actor, known: &[RoleSummary], present: &[Role], mut roles: Vec<Role>) -> Vec<Role> {
    let may_give = |role: &Role| check_roles(actor, known, std::slice::from_ref(role)).is_ok();
    roles.extend(present.iter().filter(|role| !may_give(role)).cloned());
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// Refuses groups that are unknown, and those that one does not see.
pub(super) fn check_groups(actor: &Actor, known: &[Group], groups: &[GroupId]) -> Result<(), Failure> {
    let seen = |id: &GroupId| known.iter().any(|group| group.id == *id) && actor.is_of(*id);
    if groups.iter().all(seen) { Ok(()) } else { Err(Failure::invalid("groups", "unknown")) }
}
