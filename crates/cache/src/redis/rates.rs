//! Rates in Redis, and in this node's memory while Redis is away.

use std::{sync::Arc, time::Duration};

use fred::interfaces::{KeysInterface, LuaInterface};
use futures::future::{BoxFuture, FutureExt};

use super::link::{Link, named};
use crate::{
    error::CacheError,
    in_process::MemoryRates,
    rates::{Rate, Rates, Verdict},
};

/// The algorithm of [`crate::rates`] in one step, by the clock of Redis: clocks of nodes differ. Gives the
/// milliseconds to wait, 0 when the attempt is allowed.
const ATTEMPT: &str = "\
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local full_at = math.max(tonumber(redis.call('GET', KEYS[1])) or now, now)
local next = full_at + interval
local over = next - now - interval * burst
if over > 0 then return over end
redis.call('SET', KEYS[1], string.format('%d', next), 'PX', string.format('%d', next - now))
return 0";

/// Rates that all nodes share.
#[derive(Debug)]
pub(super) struct RedisRates {
    link: Arc<Link>,
    alone: MemoryRates,
}

impl RedisRates {
    /// `alone` counts while Redis is away: no limit at all would be an invitation.
    pub(super) fn new(link: Arc<Link>, alone: MemoryRates) -> Self {
        Self { link, alone }
    }

    async fn shared(&self, key: &str, rate: Rate) -> Result<Verdict, CacheError> {
        let interval = i64::try_from(rate.interval.as_millis()).unwrap_or(i64::MAX).max(1);
        let arguments = vec![interval, i64::from(rate.burst.max(1))];
        let wait: i64 = self.link.ask(self.link.client.eval(ATTEMPT, named(&format!("rate:{key}")), arguments)).await?;
        Ok(match u64::try_from(wait) {
            Ok(wait) if wait > 0 => Verdict::Refused { retry_after: Duration::from_millis(wait) },
            _ => Verdict::Allowed,
        })
    }
}

impl Rates for RedisRates {
    fn attempt<'a>(&'a self, key: &'a str, rate: Rate) -> BoxFuture<'a, Result<Verdict, CacheError>> {
        async move {
            match self.shared(key, rate).await {
                Ok(verdict) => Ok(verdict),
                Err(_) => self.alone.attempt(key, rate).await,
            }
        }
        .boxed()
    }

    fn forgive<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), CacheError>> {
        async move {
            self.alone.forgive(key).await?;
            self.link.ask(self.link.client.del::<(), _>(named(&format!("rate:{key}")))).await
        }
        .boxed()
    }
}
