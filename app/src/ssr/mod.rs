//! What only the server has: the context of a request, the guard, the conversion of failures, and the page's frame.

pub mod chosen;
pub mod context;
pub mod convert;
pub mod cookies;
pub mod explanation;
pub mod guard;
pub mod jobs;
pub mod letter;
pub mod once;
pub mod packing;
pub mod preferences;
pub mod profile_choices;
pub mod profile_pairs;
pub mod profile_text;
pub mod profiles;
pub mod quota;
pub mod review;
pub mod session;
pub mod shell;
pub mod typed;
pub mod waking;
