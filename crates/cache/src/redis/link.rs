//! The connection, and how it is given up for a while.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use fred::{
    clients::Client,
    error::{Error, ErrorKind},
    interfaces::ClientLike,
    types::{
        ClientState,
        config::{ConnectionConfig, ReconnectPolicy, UnresponsiveConfig},
    },
};

use crate::{clock::Clock, error::CacheError};

/// How long one answer may take. It is asked for on each request, so longer than this is slower than the database.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);

/// For so long a Redis that did not answer in time is not asked again: a frozen one must not make each request wait.
const PAUSE: Duration = Duration::from_secs(2);

/// How long a connection may be made, and how long it may be silent while an answer is awaited.
const CONNECTION_PATIENCE: Duration = Duration::from_secs(2);

/// Between two attempts to connect again: at first, and at most.
const RECONNECT_AFTER_MS: (u32, u32) = (100, 2_000);

/// Begins every key and channel, so that an access list can name what is ours and other products can share the server.
pub(super) const PREFIX: &str = "esp:";

/// The connection for questions.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) client: Client,
    clock: Arc<dyn Clock>,
    silent_until: AtomicI64,
}

impl Link {
    pub(super) fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        Self { client, clock, silent_until: AtomicI64::new(i64::MIN) }
    }

    /// Asks, unless it is known that no answer will come.
    pub(super) async fn ask<T>(&self, question: impl Future<Output = Result<T, Error>>) -> Result<T, CacheError> {
        if self.client.state() != ClientState::Connected {
            return Err(CacheError("it is not connected".to_owned()));
        }
        if self.clock.now_ms() < self.silent_until.load(Ordering::Relaxed) {
            return Err(CacheError("it was silent just now".to_owned()));
        }
        question.await.map_err(|error| {
            if *error.kind() == ErrorKind::Timeout {
                let until = self.clock.now_ms().saturating_add(i64::try_from(PAUSE.as_millis()).unwrap_or(i64::MAX));
                self.silent_until.store(until, Ordering::Relaxed);
            }
            CacheError(error.to_string())
        })
    }
}

/// The name of a key or channel there.
pub(super) fn named(key: &str) -> String {
    format!("{PREFIX}{key}")
}

/// For ever, more slowly each time: the app goes on meanwhile.
pub(super) fn reconnecting() -> ReconnectPolicy {
    let (first, most) = RECONNECT_AFTER_MS;
    ReconnectPolicy::new_exponential(0, first, most, 2)
}

pub(super) fn connecting(connection: &mut ConnectionConfig) {
    connection.connection_timeout = CONNECTION_PATIENCE;
    connection.internal_command_timeout = CONNECTION_PATIENCE;
    // A question that was lost with its connection is not asked again: it may have been answered, and the caller goes on.
    connection.max_command_attempts = 1;
    // After a password was changed on both sides, the connection comes back by itself.
    connection.reconnect_on_auth_error = true;
    connection.unresponsive =
        UnresponsiveConfig { max_timeout: Some(CONNECTION_PATIENCE), interval: Duration::from_millis(500) };
}
