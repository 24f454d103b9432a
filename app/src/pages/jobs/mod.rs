//! Slow work: the list of jobs, and one job with its log.

pub mod check;
pub mod list;
pub mod log;
pub mod many;
pub mod one;
pub mod progress;

pub use self::{list::JobsPage, one::JobPage};
