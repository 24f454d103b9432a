//! The pages: each loads what it shows through one use case and arranges it.
//!
//! To add a page: a file here, a route in `app.rs`, its address in `model/paths.rs`.

pub mod first;
pub mod missing;
pub mod setup;
pub mod sign_in;
