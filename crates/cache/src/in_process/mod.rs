//! The twin of Redis in this process's memory, for one node. Every part is bounded.

mod bell;
mod expiring;
mod rates;
mod values;

pub use self::{bell::MemoryBell, rates::MemoryRates, values::MemoryValues};

/// How much may be remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Values at once. A session takes some 300 bytes: the default stays below 20 MB.
    pub values: usize,
    /// Keys whose attempts are counted at once. One takes some 150 bytes; an attacker with many addresses fills it,
    /// and then the keys that would soonest be allowed again go first.
    pub rates: usize,
    /// Rings that a slow listener may be behind before it is told that it lost some.
    pub rings: usize,
}

impl Default for Capacity {
    fn default() -> Self {
        Self { values: 50_000, rates: 50_000, rings: 1_024 }
    }
}
