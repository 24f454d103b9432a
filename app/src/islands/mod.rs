//! What moves in the browser: few islands, each small, none of them needed to get a job done.
//!
//! An island marks its own element with `data-alive` once it listens, so that a test can wait for it, and so that the
//! style shows what only works with it (`:has([data-alive])`).

pub mod catalogue;
mod choosing;
mod connection;
mod copy;
pub mod desk;
mod dropping;
pub mod follow;
pub mod live;
mod packer;
mod page;
mod palette;
mod pause;
pub mod review;
mod stream;
mod touched;
mod upload;
pub mod verify;
mod words;

pub use self::{catalogue::Catalogue, desk::Desk, follow::Follow, live::Live, review::Review, verify::Verify};
