//! The doors: server functions behind the forms. Each is a guard, one call, and where to go next.
//!
//! A form posts to its door as a plain form; the answer is a redirection, back to the page with the error in the URL
//! when there is one.

pub mod account;
pub mod inbox;
pub mod jobs;
pub mod profiles;
pub mod releases;
pub mod review;
pub mod session;
pub mod settings;
pub mod users;
pub mod views;

/// The path prefix of every door.
pub const PREFIX: &str = "/api/app";
