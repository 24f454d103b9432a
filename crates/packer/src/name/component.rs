//! The parts of a composed name, each with the field it came from.

use serde::{Deserialize, Serialize};

use crate::metadata::Field;

/// One part of a composed name. The texts of all parts, one after the other, are the name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameComponent {
    /// The field that decides this part; absent for separators, for the format, for fixed words and for the group.
    pub field: Option<Field>,
    /// The text as it stands in the name.
    pub text: String,
}
