//! What a node may forget: short-lived values, rates of attempts, and the bell that says "something changed".
//!
//! Nothing here is the only home of anything. Each part is a small trait, so that one process can do with memory
//! and several processes can share Redis; callers see no difference besides [`CacheError`], which they treat as
//! "not cached", "not limited" and "not heard".
#![warn(missing_docs)]

pub mod bell;
pub mod clock;
pub mod error;
pub mod in_process;
pub mod rates;
pub mod redis;
pub mod values;

use std::sync::Arc;

pub use crate::{
    bell::{Bell, Ring},
    clock::{Clock, SystemClock},
    error::CacheError,
    in_process::Capacity,
    rates::{Rate, Rates, Verdict},
    redis::{AuthorityError, RedisLocation},
    values::Values,
};

/// The three parts together, as the rest of the product holds them. Cheap to clone.
#[derive(Clone)]
pub struct Cache {
    /// Short-lived values.
    pub values: Arc<dyn Values>,
    /// Rates of attempts.
    pub rates: Arc<dyn Rates>,
    /// The bell.
    pub bell: Arc<dyn Bell>,
}

impl Cache {
    /// A cache in this process's own memory, for one node: nothing in it survives the process.
    pub fn in_process(capacity: Capacity, clock: Arc<dyn Clock>) -> Self {
        Self {
            values: Arc::new(in_process::MemoryValues::new(capacity.values, Arc::clone(&clock))),
            rates: Arc::new(in_process::MemoryRates::new(capacity.rates, clock)),
            bell: Arc::new(in_process::MemoryBell::new(capacity.rings)),
        }
    }
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Cache").finish_non_exhaustive()
    }
}
