//! What each command does, one file each.

mod book;
pub mod check;
mod failure;
mod findings;
pub mod name;
pub mod pack;
mod pack_report;
pub mod profiles;
mod release_options;
pub mod verify;
