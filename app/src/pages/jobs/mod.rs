//! Slow work: the list of jobs, and one job with its log.

mod list;
mod one;
mod progress;

pub use self::{list::JobsPage, one::JobPage};
