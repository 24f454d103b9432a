//! A map that forgets: what has expired, and when it is full, what would expire first.

use std::collections::{BTreeSet, HashMap};

/// Entries by key, and their order of expiry.
#[derive(Debug)]
pub(super) struct Expiring<V> {
    capacity: usize,
    entries: HashMap<String, (i64, V)>,
    order: BTreeSet<(i64, String)>,
}

impl<V> Expiring<V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), entries: HashMap::new(), order: BTreeSet::new() }
    }

    pub(super) fn get(&self, key: &str, now: i64) -> Option<&V> {
        self.entries.get(key).filter(|(expires, _)| *expires > now).map(|(_, value)| value)
    }

    pub(super) fn put(&mut self, key: &str, value: V, expires: i64, now: i64) {
        self.remove(key);
        while let Some((first, _)) = self.order.first() {
            if *first > now && self.entries.len() < self.capacity {
                break;
            }
            if let Some((_, oldest)) = self.order.pop_first() {
                self.entries.remove(&oldest);
            }
        }
        self.order.insert((expires, key.to_owned()));
        self.entries.insert(key.to_owned(), (expires, value));
    }

    pub(super) fn remove(&mut self, key: &str) {
        if let Some((expires, _)) = self.entries.remove(key) {
            self.order.remove(&(expires, key.to_owned()));
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_expired_is_not_found_and_goes_with_the_next_entry() {
        let mut map = Expiring::new(10);
        map.put("a", 1, 100, 0);
        assert_eq!(map.get("a", 99), Some(&1));
        assert_eq!(map.get("a", 100), None);
        map.put("b", 2, 300, 100);
        assert_eq!(map.len(), 1);
    }

    #[test]
    fn a_full_map_forgets_what_would_expire_first() {
        let mut map = Expiring::new(2);
        map.put("long", 1, 900, 0);
        map.put("short", 2, 100, 0);
        map.put("middle", 3, 500, 0);
        assert_eq!((map.get("long", 1), map.get("short", 1), map.get("middle", 1)), (Some(&1), None, Some(&3)));
        assert_eq!(map.len(), 2);
    }

    #[test]
    fn a_value_put_again_lives_as_long_as_the_newer_one() {
        let mut map = Expiring::new(2);
        map.put("a", 1, 100, 0);
        map.put("a", 2, 500, 50);
        assert_eq!(map.get("a", 200), Some(&2));
        assert_eq!(map.len(), 1);
    }
}
