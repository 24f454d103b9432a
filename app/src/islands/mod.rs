//! What moves in the browser: few islands, each small, none of them needed to get a job done.
//!
//! An island marks its own element with `data-alive` once it listens, so that a test can wait for it, and so that the
//! style shows what only works with it (`:has([data-alive])`).

mod copy;
pub mod desk;
pub mod live;
mod page;
pub mod review;
mod stream;
mod upload;

pub use self::{desk::Desk, live::Live, review::Review};
