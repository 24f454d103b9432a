//! Who may do what: one table, resource × action × role.

use serde::{Deserialize, Serialize};

use crate::actor::Role;

/// What is acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the thing of that name")]
pub enum Resource {
    Books,
    Releases,
    Profiles,
    Templates,
    Users,
    Roles,
    Groups,
    Jobs,
    Settings,
    Destinations,
    Audit,
    Keys,
}

impl Resource {
    /// Every resource.
    pub const ALL: [Self; 12] = [
        Self::Books,
        Self::Releases,
        Self::Profiles,
        Self::Templates,
        Self::Users,
        Self::Roles,
        Self::Groups,
        Self::Jobs,
        Self::Settings,
        Self::Destinations,
        Self::Audit,
        Self::Keys,
    ];
}

/// What is done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// See it.
    Read,
    /// Create it.
    Write,
    /// Change it.
    Modify,
    /// Delete it. A packed release only goes by the hand of an administrator.
    Delete,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Modify, Self::Delete];
}

/// True when the role allows the action on the resource.
pub fn allows(role: Role, resource: Resource, action: Action) -> bool {
    match role {
        Role::Admin => true,
        Role::Editor => match resource {
            Resource::Books | Resource::Releases | Resource::Jobs => true,
            Resource::Groups => action != Action::Delete,
            Resource::Profiles | Resource::Templates => action == Action::Read,
            Resource::Users
            | Resource::Roles
            | Resource::Settings
            | Resource::Destinations
            | Resource::Audit
            | Resource::Keys => false,
        },
    }
}
