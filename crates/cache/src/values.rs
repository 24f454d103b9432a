//! Short-lived values under a key.

use std::{fmt, time::Duration};

use bytes::Bytes;
use futures::future::BoxFuture;

use crate::error::CacheError;

/// Keeps values for a while.
pub trait Values: Send + Sync + fmt::Debug {
    /// The value, when it is there and has not expired.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, CacheError>>;

    /// Keeps `value` for `lifetime`, in place of what was there. It may be forgotten earlier.
    fn put<'a>(&'a self, key: &'a str, value: Bytes, lifetime: Duration) -> BoxFuture<'a, Result<(), CacheError>>;

    /// Keeps `value` for `lifetime` unless something is there. So that who read the truth before it changed cannot
    /// write over who changed it.
    fn add<'a>(&'a self, key: &'a str, value: Bytes, lifetime: Duration) -> BoxFuture<'a, Result<(), CacheError>>;

    /// Forgets the value.
    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), CacheError>>;

    /// Since when nothing can have been forgotten but for its age or for want of room, in milliseconds of the clock: what
    /// was away may have come back empty. That something is not there says nothing about what was kept before.
    fn whole_since(&self) -> i64;
}
