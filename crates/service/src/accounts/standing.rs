//! What a person may do and sees just now: their roles, exceptions and groups put together.

use serde::{Deserialize, Serialize};
use store::{
    GroupId, UserId,
    permissions::Exception,
    users::{Role, User},
};

use super::Accounts;
use crate::{
    actor::{Actor, Means},
    failure::Failure,
    permissions::Grants,
    roles::RoleSummary,
};

/// A person as the cache has them: an [`Actor`] itself is never read from anywhere.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Standing {
    user_id: UserId,
    username: String,
    display_name: String,
    roles: Vec<Role>,
    pub(crate) grants: Grants,
    pub(crate) all_groups: bool,
    pub(crate) groups: Vec<GroupId>,
    locale: Option<String>,
}

impl Standing {
    /// Puts it together from what was read.
    pub(super) fn of(user: &User, known: &[RoleSummary], exceptions: &[Exception], groups: Vec<GroupId>) -> Self {
        let own = || known.iter().filter(|known| user.roles.contains(&known.role));
        let allowed: Grants = own().flat_map(|role| role.grants.iter()).collect();
        // Exceptions do not hold for administrators: one that is taken what it needs could not undo it.
        let grants = if user.roles.contains(&Role::ADMIN) { allowed } else { allowed.with(exceptions) };
        Self {
            user_id: user.id,
            username: user.username.clone(),
            display_name: user.display_name.clone(),
            roles: user.roles.clone(),
            grants,
            all_groups: own().any(|role| role.all_groups),
            groups,
            locale: user.locale.clone(),
        }
    }

    pub(crate) fn into_actor(self, means: Means) -> Actor {
        let Self { user_id, username, display_name, roles, grants, all_groups, groups, locale } = self;
        Actor { user_id, means, username, display_name, roles, grants, groups, all_groups, locale, address: None }
    }
}

impl Accounts<'_> {
    /// Puts it together from the database.
    pub(crate) async fn standing(&self, user: &User) -> Result<Standing, Failure> {
        let store = self.services.store();
        let known = self.services.roles().known().await?;
        let exceptions = store.permissions().exceptions_of(user.id).await?;
        Ok(Standing::of(user, &known, &exceptions, store.permissions().groups_of(user.id).await?))
    }
}
