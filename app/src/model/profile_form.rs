//! The form in which a profile is written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A text that is to become the next version of a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct ProfileForm {
    /// What the draft is kept under.
    pub draft: String,
    /// The version that it is written from; 0 for a new profile.
    pub seen: u32,
    /// The later version that it is to be saved over, once one has seen what changed in it; 0 for none.
    pub over: u32,
    /// The TOML.
    pub text: String,
    /// The release that it is tried on, or nothing.
    pub release: String,
    /// The words that a release to try is found by.
    pub find: String,
    /// The words that the list which it was chosen from was made for.
    pub found: String,
    /// The TOML that the fields of the form were filled from.
    pub shown: String,
    /// What the fields of the form hold, by the path of the value in the TOML.
    pub values: BTreeMap<String, String>,
    /// What is ticked in the form, by the path of the value in the TOML.
    pub lists: BTreeMap<String, Vec<String>>,
}
