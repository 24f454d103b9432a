//! store
pub mod id;
mod timestamp;

pub use timestamp::Timestamp;

/// The database, as the rest of the product holds it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {}
