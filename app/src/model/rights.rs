//! The forms of rights, as the browser sends them: words, which the server reads.

use serde::{Deserialize, Serialize};

/// What a person may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightsForm {
    /// Whose, by id.
    pub user: String,
    /// What the form was made of: the text that the rights were known by.
    #[serde(default)]
    pub seen: String,
    /// The roles, by name.
    #[serde(default)]
    pub roles: Vec<String>,
    /// The groups, by id.
    #[serde(default)]
    pub groups: Vec<String>,
    /// What differs from the roles: `allow.RESOURCE.ACTION` or `deny.RESOURCE.ACTION` each; an empty text is nothing.
    #[serde(default)]
    pub exceptions: Vec<String>,
}

/// What a role allows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleForm {
    /// Which role; empty for a new one.
    #[serde(default)]
    pub role: String,
    /// The name of a new one.
    #[serde(default)]
    pub name: String,
    /// Whether who has it sees the releases of every group.
    #[serde(default)]
    pub all_groups: bool,
    /// What it allows: `RESOURCE.ACTION` each.
    #[serde(default)]
    pub grants: Vec<String>,
}
