//! What each command does, one file each.

pub mod backup;
mod book;
pub mod check;
pub mod create_admin;
pub mod doctor;
mod failure;
mod findings;
pub mod healthcheck;
pub mod keys;
pub mod migrate;
pub mod name;
pub mod pack;
mod pack_report;
pub mod process;
pub mod profiles;
mod release_options;
pub mod restore;
pub mod rotate_secrets;
pub mod serve;
pub mod verify;
pub mod worker;
