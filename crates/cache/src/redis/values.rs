//! Values in Redis.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use fred::{
    interfaces::KeysInterface,
    types::{Expiration, SetOptions},
};
use futures::future::{BoxFuture, FutureExt};

use super::link::{Link, named};
use crate::{clock::Clock, error::CacheError, values::Values};

/// Changes that wait for Redis to come back: beyond them the oldest values there live out their minute.
const MOST_OWED: usize = 10_000;

/// Values in Redis, the same for every node.
#[derive(Debug)]
pub(super) struct RedisValues {
    link: Arc<Link>,
    clock: Arc<dyn Clock>,
    owed: Mutex<HashMap<String, Owed>>,
}

/// What could not be told: the value, or its absence, and until when it matters.
#[derive(Debug, Clone)]
struct Owed {
    value: Option<Bytes>,
    until: i64,
}

/// How long a removal is owed: no value here lives longer.
const REMOVAL_MATTERS: Duration = Duration::from_hours(24);

impl RedisValues {
    pub(super) fn new(link: Arc<Link>, clock: Arc<dyn Clock>) -> Self {
        Self { link, clock, owed: Mutex::default() }
    }

    /// Tells what could not be told while Redis was away: a value that ended meanwhile must not be taken for alive.
    /// True when nothing is left to tell.
    pub(super) async fn settle(&self) -> bool {
        let owed = std::mem::take(&mut *self.owed.lock().unwrap_or_else(PoisonError::into_inner));
        let now = self.clock.now_ms();
        let mut settled = true;
        for (key, Owed { value, until }) in owed {
            let Some(rest) = until.checked_sub(now).filter(|rest| *rest > 0) else { continue };
            // What cannot be told is not tried for each.
            let told = match &value {
                _ if !settled => Err(CacheError("it does not answer".to_owned())),
                Some(value) => self.set(&key, value.clone(), Duration::from_millis(rest.unsigned_abs()), None).await,
                None => self.delete(&key).await,
            };
            if told.is_err() {
                settled = false;
                self.owe(&key, value, until);
            }
        }
        settled
    }

    fn owes(&self) -> bool {
        !self.owed.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn owe(&self, key: &str, value: Option<Bytes>, until: i64) {
        let mut owed = self.owed.lock().unwrap_or_else(PoisonError::into_inner);
        if owed.len() < MOST_OWED {
            owed.insert(key.to_owned(), Owed { value, until });
        }
    }

    /// What was told since must not be written over by what was to be told before.
    fn owe_no_longer(&self, key: &str) {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    fn until(&self, lifetime: Duration) -> i64 {
        self.clock.now_ms().saturating_add(i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX))
    }

    async fn set(
        &self,
        key: &str,
        value: Bytes,
        lifetime: Duration,
        options: Option<SetOptions>,
    ) -> Result<(), CacheError> {
        let lifetime = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX).max(1);
        let expiration = Some(Expiration::PX(lifetime));
        self.link.ask(self.link.client.set(named(key), value, expiration, options, false)).await
    }

    async fn delete(&self, key: &str) -> Result<(), CacheError> {
        self.link.ask(self.link.client.del::<(), _>(named(key))).await
    }
}

impl Values for RedisValues {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, CacheError>> {
        async move {
            // A Redis that was only slow comes back without a new connection.
            if self.owes() && !self.settle().await {
                return Err(CacheError("it has not been told everything".to_owned()));
            }
            self.link.ask(self.link.client.get(named(key))).await
        }
        .boxed()
    }

    fn put<'a>(&'a self, key: &'a str, value: Bytes, lifetime: Duration) -> BoxFuture<'a, Result<(), CacheError>> {
        async move {
            let put = self.set(key, value.clone(), lifetime, None).await;
            match put {
                Ok(()) => self.owe_no_longer(key),
                Err(_) => self.owe(key, Some(value), self.until(lifetime)),
            }
            put
        }
        .boxed()
    }

    fn add<'a>(&'a self, key: &'a str, value: Bytes, lifetime: Duration) -> BoxFuture<'a, Result<(), CacheError>> {
        self.set(key, value, lifetime, Some(SetOptions::NX)).boxed()
    }

    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), CacheError>> {
        async move {
            let removed = self.delete(key).await;
            match removed {
                Ok(()) => self.owe_no_longer(key),
                Err(_) => self.owe(key, None, self.until(REMOVAL_MATTERS)),
            }
            removed
        }
        .boxed()
    }
}
