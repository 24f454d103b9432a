//! What Redis has not been told: it stays here until it is, and is what this node knows better.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;

use crate::clock::Clock;

/// Changes that wait for Redis to come back: beyond them the oldest values there live out their minute.
const MOST_OWED: usize = 10_000;

/// The value, or its absence, and until when it matters.
#[derive(Debug, Clone)]
pub(super) struct Owed {
    pub(super) value: Option<Bytes>,
    pub(super) until: i64,
}

/// What is owed, by key.
#[derive(Debug)]
pub(super) struct Debts {
    owed: Mutex<BTreeMap<String, Owed>>,
    clock: Arc<dyn Clock>,
}

/// A change on its way: owed as soon as nobody waits for it any more, unless it was told.
#[must_use]
pub(super) struct Debt<'a> {
    debts: &'a Debts,
    key: &'a str,
    owed: Option<Owed>,
}

impl Debts {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { owed: Mutex::default(), clock }
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<String, Owed>> {
        // A panic while the lock was held left a map whose entries are whole.
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }

    /// True when more may be owed than is known here.
    pub(super) fn is_full(&self) -> bool {
        self.entries().len() >= MOST_OWED
    }

    /// What is owed of one key.
    pub(super) fn of(&self, key: &str) -> Option<Owed> {
        self.entries().get(key).cloned()
    }

    /// A key of which something is owed.
    pub(super) fn any(&self) -> Option<String> {
        self.entries().first_key_value().map(|(key, _)| key.clone())
    }

    pub(super) fn settle(&self, key: &str) {
        self.entries().remove(key);
    }

    pub(super) fn owe_unless_told<'a>(&'a self, key: &'a str, owed: Owed) -> Debt<'a> {
        Debt { debts: self, key, owed: Some(owed) }
    }

    fn owe(&self, key: &str, owed: Owed) {
        let mut entries = self.entries();
        if entries.len() >= MOST_OWED && !entries.contains_key(key) {
            let now = self.clock.now_ms();
            entries.retain(|_, owed| owed.until > now);
        }
        // In place of what was owed before there is always room.
        if entries.len() < MOST_OWED || entries.contains_key(key) {
            entries.insert(key.to_owned(), owed);
        }
    }
}

impl Debt<'_> {
    /// It was told: what was to be told before must not be written over it.
    pub(super) fn tell(mut self) {
        self.owed = None;
        self.debts.settle(self.key);
    }
}

impl Drop for Debt<'_> {
    fn drop(&mut self) {
        if let Some(owed) = self.owed.take() {
            self.debts.owe(self.key, owed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    fn owed(value: &'static str) -> Owed {
        Owed { value: Some(Bytes::from_static(value.as_bytes())), until: i64::MAX }
    }

    #[test]
    fn what_is_owed_of_a_key_is_replaced_though_there_is_no_room_for_another() {
        let debts = Debts::new(Arc::new(SystemClock));
        for number in 0..=MOST_OWED {
            drop(debts.owe_unless_told(&format!("{number:05}"), owed("alive")));
        }
        assert!(debts.is_full() && debts.of(&format!("{MOST_OWED:05}")).is_none());
        drop(debts.owe_unless_told("00007", owed("ended")));
        assert_eq!(debts.of("00007").and_then(|owed| owed.value), owed("ended").value);
    }

    #[test]
    fn what_was_told_is_owed_no_longer_and_what_nobody_waited_for_is() {
        let debts = Debts::new(Arc::new(SystemClock));
        drop(debts.owe_unless_told("a", owed("alive")));
        assert_eq!(debts.any().as_deref(), Some("a"));
        debts.owe_unless_told("a", owed("ended")).tell();
        assert!(debts.is_empty());
    }
}
