//! Values in Redis.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use fred::{
    interfaces::KeysInterface,
    types::{Expiration, SetOptions},
};
use futures::future::{BoxFuture, FutureExt};
use tokio::sync::Mutex;

use super::{
    debts::{Debts, Owed},
    link::{Link, named},
};
use crate::{clock::Clock, error::CacheError, values::Values};

/// Values in Redis, the same for every node.
#[derive(Debug)]
pub(super) struct RedisValues {
    link: Arc<Link>,
    clock: Arc<dyn Clock>,
    debts: Debts,
    /// Of two who change the same key one waits for the other, so that what is told last is what was wanted last. Which of
    /// these is whose, the key says; that others share it only makes them wait.
    turns: [Mutex<()>; TURNS],
    settling: Mutex<()>,
}

/// More than there are questions at once, mostly.
const TURNS: usize = 64;

/// How long a removal is owed: no value here lives longer.
const REMOVAL_MATTERS: Duration = Duration::from_hours(24);

impl RedisValues {
    pub(super) fn new(link: Arc<Link>, clock: Arc<dyn Clock>) -> Self {
        let debts = Debts::new(Arc::clone(&clock));
        Self { link, clock, debts, turns: std::array::from_fn(|_| Mutex::default()), settling: Mutex::default() }
    }

    /// Tells what could not be told while Redis was away: a value that ended meanwhile must not be taken for alive.
    /// True when nothing is left to tell. What is not told yet stays owed, and is what this node answers.
    pub(super) async fn settle(&self) -> bool {
        // One tells it; the others need not wait for the end.
        let Ok(_alone) = self.settling.try_lock() else { return self.debts.is_empty() };
        while let Some(key) = self.debts.any() {
            let _turn = self.turn(&key).lock().await;
            // Somebody may have told something newer meanwhile.
            let Some(Owed { value, until }) = self.debts.of(&key) else { continue };
            let rest = until.saturating_sub(self.clock.now_ms());
            let told = match value {
                _ if rest <= 0 => Ok(()),
                Some(value) => self.set(&key, value, Duration::from_millis(rest.unsigned_abs()), None).await,
                None => self.delete(&key).await,
            };
            // What cannot be told is not tried for each.
            if told.is_err() {
                return false;
            }
            self.debts.settle(&key);
        }
        true
    }

    /// What is owed of a key, as Redis would answer it.
    fn owed(&self, key: &str) -> Option<Owed> {
        let Owed { value, until } = self.debts.of(key)?;
        Some(Owed { value: value.filter(|_| self.clock.now_ms() < until), until })
    }

    fn turn(&self, key: &str) -> &Mutex<()> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let number = hasher.finish() % TURNS as u64;
        // The remainder is smaller than the number of turns.
        &self.turns[usize::try_from(number).unwrap_or_default()]
    }

    /// Changes a key; what fails is owed, also when nobody waits for it any more.
    async fn change(
        &self,
        key: &str,
        owed: Owed,
        change: impl Future<Output = Result<(), CacheError>>,
    ) -> Result<(), CacheError> {
        let _turn = self.turn(key).lock().await;
        let debt = self.debts.owe_unless_told(key, owed);
        let changed = change.await;
        if changed.is_ok() {
            debt.tell();
        }
        changed
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
            if !self.debts.is_empty() {
                self.settle().await;
            }
            if let Some(owed) = self.owed(key) {
                return Ok(owed.value);
            }
            if self.debts.is_full() {
                return Err(CacheError("it has not been told everything".to_owned()));
            }
            let found = self.link.ask(self.link.client.get(named(key))).await;
            // It may have been changed, and not told, while it was asked for.
            self.owed(key).map_or(found, |owed| Ok(owed.value))
        }
        .boxed()
    }

    fn put<'a>(&'a self, key: &'a str, value: Bytes, lifetime: Duration) -> BoxFuture<'a, Result<(), CacheError>> {
        let owed = Owed { value: Some(value.clone()), until: self.until(lifetime) };
        self.change(key, owed, self.set(key, value, lifetime, None)).boxed()
    }

    fn add<'a>(&'a self, key: &'a str, value: Bytes, lifetime: Duration) -> BoxFuture<'a, Result<(), CacheError>> {
        async move {
            // What is owed is there already, though Redis does not know.
            match self.owed(key) {
                Some(Owed { value: Some(_), .. }) => Ok(()),
                _ => self.set(key, value, lifetime, Some(SetOptions::NX)).await,
            }
        }
        .boxed()
    }

    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), CacheError>> {
        let owed = Owed { value: None, until: self.until(REMOVAL_MATTERS) };
        self.change(key, owed, self.delete(key)).boxed()
    }

    fn whole_since(&self) -> i64 {
        self.link.connected_since()
    }
}
