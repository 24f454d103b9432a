//! Every rule, in the order in which they run.

use super::Rule;

/// Every rule.
pub const RULES: &[Rule] = &[];
