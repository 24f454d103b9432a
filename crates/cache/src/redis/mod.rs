//! The cache in Redis or Valkey, shared by several nodes. Lost, it costs speed and nothing else: values are not found,
//! rates are counted by each node for itself, the bell is heard on the node that rings it. It comes back by itself.

mod bell;
mod debts;
mod link;
mod location;
mod rates;
mod values;

use std::{sync::Arc, time::Duration};

use fred::{
    interfaces::{ClientLike, EventInterface, PubsubInterface},
    types::Builder,
};
use tokio::sync::broadcast::error::RecvError;

pub use self::location::{AuthorityError, LocationError, RedisLocation};
use self::{bell::RedisBell, link::Link, rates::RedisRates, values::RedisValues};
use crate::{Cache, Capacity, clock::Clock, error::CacheError, in_process::MemoryRates};

/// How long a start waits for the first connection. Without one it goes on, and connects when Redis is there.
const FIRST_CONNECTION: Duration = Duration::from_secs(3);

/// Between two attempts to tell what changed without Redis.
const SETTLE_AGAIN: Duration = Duration::from_millis(100);

impl Cache {
    /// A cache in Redis. `mark` is random, another for each process.
    ///
    /// # Errors
    /// Only when the location cannot be used at all, or the certificates of the system not be read; a server that does
    /// not answer is none.
    pub async fn redis(
        location: &RedisLocation,
        capacity: Capacity,
        clock: Arc<dyn Clock>,
        mark: [u8; 16],
    ) -> Result<Self, CacheError> {
        let mut builder = Builder::from_config(location.config()?);
        builder.set_policy(link::reconnecting());
        builder.with_connection_config(link::connecting);
        builder.with_performance_config(|performance| {
            performance.default_command_timeout = link::PATIENCE;
            performance.broadcast_channel_capacity = capacity.rings;
        });
        // The first connection is tried again like each later one.
        builder.with_config(|config| config.fail_fast = false);
        let unusable = |error: fred::error::Error| CacheError(error.to_string());
        let client = builder.build().map_err(unusable)?;
        let subscriber = builder.build_subscriber_client().map_err(unusable)?;

        let link = Arc::new(Link::new(client.clone(), Arc::clone(&clock)));
        link.say_why_not();
        let values = Arc::new(RedisValues::new(Arc::clone(&link), Arc::clone(&clock)));
        let rates = RedisRates::new(Arc::clone(&link), MemoryRates::new(capacity.rates, clock));
        let bell = RedisBell::new(link, capacity.rings, mark);
        bell.pass_on(&subscriber);
        settle_when_connected(&client, &values);

        client.connect();
        subscriber.connect();
        subscriber.manage_subscriptions();
        let connected = tokio::time::timeout(FIRST_CONNECTION, async {
            client.wait_for_connect().await?;
            subscriber.wait_for_connect().await
        });
        match connected.await {
            Ok(Ok(())) => tracing::info!("Redis is connected"),
            Ok(Err(error)) => tracing::warn!(%error, "Redis does not answer: the node goes on without it"),
            Err(_) => tracing::warn!("Redis does not answer in time: the node goes on without it"),
        }
        subscribe(subscriber);
        Ok(Self { values, rates: Arc::new(rates), bell: Arc::new(bell) })
    }
}

/// Subscribes once the connection is there; afterwards the subscriber does so itself at each new one.
fn subscribe(subscriber: fred::clients::SubscriberClient) {
    tokio::spawn(async move {
        while let Err(error) = subscriber.subscribe(RedisBell::channel()).await {
            tracing::debug!(%error, "the bell of the other nodes is not heard yet");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
}

/// After each connection, what changed without Redis is told first.
fn settle_when_connected(client: &fred::clients::Client, values: &Arc<RedisValues>) {
    let (mut connections, values) = (client.reconnect_rx(), Arc::clone(values));
    tokio::spawn(async move {
        while !matches!(connections.recv().await, Err(RecvError::Closed)) {
            // The event comes a moment before the connection takes questions.
            while !values.settle().await {
                tokio::time::sleep(SETTLE_AGAIN).await;
            }
        }
    });
}
