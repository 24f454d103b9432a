//! The pages: each loads what it shows through one use case and arranges it.
//!
//! To add a page: a file here, a route in `app.rs`, its address in `model/paths.rs`.
#![expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]

pub mod account;
pub mod audit;
pub mod confirm_email;
pub mod dashboard;
pub mod finding;
pub mod findings;
pub mod forgotten;
pub mod gallery;
pub mod groups;
pub mod inbox;
pub mod jobs;
pub mod missing;
pub mod profiles;
pub mod release;
pub mod releases;
pub mod reset;
pub mod review;
pub mod roles;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod sign_in_code;
pub mod tour;
pub mod users;
pub mod verify;
pub mod verify_link;
