//! Rates of attempts, by the generic cell rate algorithm: one instant a key says everything.
//!
//! The algorithm is ITU-T I.371's virtual scheduling, which needs no bucket to be refilled.

use std::{fmt, time::Duration};

use futures::future::BoxFuture;

use crate::error::CacheError;

/// How often something may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Attempts that may come at once.
    pub burst: u32,
    /// The time after which one more is allowed.
    pub interval: Duration,
}

/// The answer to one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may happen, and was counted.
    Allowed,
    /// It may not, and was not counted.
    Refused {
        /// When the next attempt is allowed.
        retry_after: Duration,
    },
}

/// Counts attempts.
pub trait Rates: Send + Sync + fmt::Debug {
    /// Asks for one attempt under `key`.
    fn attempt<'a>(&'a self, key: &'a str, rate: Rate) -> BoxFuture<'a, Result<Verdict, CacheError>>;

    /// Forgets every attempt under `key`.
    fn forgive<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), CacheError>>;
}
