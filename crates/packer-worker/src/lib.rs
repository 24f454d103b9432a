//! The packer in the browser: books and packages are read where they are, and nothing is sent.
//!
//! It runs in a Web Worker, since only there a `Blob` can be read by ranges and waited for. `worker.js` beside it turns
//! messages into calls; each call answers with JSON, for a book with that of `check --json`. Each feature makes a module
//! of its own, so that a page loads no more than it needs.

#[cfg(any(feature = "check", feature = "verify"))]
mod blob;
#[cfg(feature = "check")]
pub mod check;
#[cfg(feature = "name")]
pub mod name;
#[cfg(any(feature = "check", feature = "verify"))]
mod progress;
#[cfg(any(feature = "check", feature = "name", feature = "verify"))]
mod refusal;
#[cfg(feature = "verify")]
pub mod verify;
