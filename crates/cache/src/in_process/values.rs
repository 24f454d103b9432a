//! Values in memory.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures::future::{self, BoxFuture, FutureExt};

use super::expiring::Expiring;
use crate::{clock::Clock, error::CacheError, values::Values};

/// Values in this process's memory.
#[derive(Debug)]
pub struct MemoryValues {
    values: Mutex<Expiring<Bytes>>,
    clock: Arc<dyn Clock>,
    since: i64,
}

impl MemoryValues {
    /// Remembers at most `capacity` values.
    pub fn new(capacity: usize, clock: Arc<dyn Clock>) -> Self {
        Self { values: Mutex::new(Expiring::new(capacity)), since: clock.now_ms(), clock }
    }

    fn with<R>(&self, act: impl FnOnce(&mut Expiring<Bytes>, i64) -> R) -> R {
        // A panic while the lock was held left a map that at worst forgets: it is used on.
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut values, self.clock.now_ms())
    }
}

impl Values for MemoryValues {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, CacheError>> {
        future::ready(Ok(self.with(|values, now| values.get(key, now).cloned()))).boxed()
    }

    fn put<'a>(&'a self, key: &'a str, value: Bytes, lifetime: Duration) -> BoxFuture<'a, Result<(), CacheError>> {
        self.with(|values, now| values.put(key, value, expiry(now, lifetime), now));
        future::ready(Ok(())).boxed()
    }

    fn add<'a>(&'a self, key: &'a str, value: Bytes, lifetime: Duration) -> BoxFuture<'a, Result<(), CacheError>> {
        self.with(|values, now| {
            if values.get(key, now).is_none() {
                values.put(key, value, expiry(now, lifetime), now);
            }
        });
        future::ready(Ok(())).boxed()
    }

    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), CacheError>> {
        self.with(|values, _| values.remove(key));
        future::ready(Ok(())).boxed()
    }

    fn whole_since(&self) -> i64 {
        self.since
    }
}

fn expiry(now: i64, lifetime: Duration) -> i64 {
    now.saturating_add(i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX))
}
