//! Rates in memory.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::future::{self, BoxFuture, FutureExt};

use super::expiring::Expiring;
use crate::{
    clock::Clock,
    error::CacheError,
    rates::{Rate, Rates, Verdict},
};

/// Rates in this process's memory: for each key the instant at which it would have had its full burst again.
#[derive(Debug)]
pub struct MemoryRates {
    full_at: Mutex<Expiring<i64>>,
    clock: Arc<dyn Clock>,
}

impl MemoryRates {
    /// Counts the attempts of at most `capacity` keys.
    pub fn new(capacity: usize, clock: Arc<dyn Clock>) -> Self {
        Self { full_at: Mutex::new(Expiring::new(capacity)), clock }
    }

    fn attempt_now(&self, key: &str, rate: Rate) -> Verdict {
        let mut keys = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now_ms();
        let interval = i64::try_from(rate.interval.as_millis()).unwrap_or(i64::MAX).max(1);
        let tolerance = interval.saturating_mul(i64::from(rate.burst.max(1)));
        let full_at = keys.get(key, now).copied().unwrap_or(now).max(now);
        let next = full_at.saturating_add(interval);
        let over = next.saturating_sub(now).saturating_sub(tolerance);
        if over > 0 {
            return Verdict::Refused { retry_after: Duration::from_millis(over.unsigned_abs()) };
        }
        keys.put(key, next, next, now);
        Verdict::Allowed
    }
}

impl Rates for MemoryRates {
    fn attempt<'a>(&'a self, key: &'a str, rate: Rate) -> BoxFuture<'a, Result<Verdict, CacheError>> {
        future::ready(Ok(self.attempt_now(key, rate))).boxed()
    }

    fn forgive<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), CacheError>> {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        future::ready(Ok(())).boxed()
    }
}
