//! The form for releases that were chosen in a list.

use serde::{Deserialize, Serialize};

/// What is to be done with which releases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct ChosenForm {
    /// The ids of the chosen releases.
    pub releases: Vec<String>,
    /// `verify`, `pack`, `csv`, `delete`, which asks first, or `delete-these`, which does it.
    pub action: String,
    /// The address of the list.
    pub back: String,
}
