//! The connection, and how it is given up for a while.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use fred::{
    clients::Client,
    error::{Error, ErrorKind},
    interfaces::{ClientLike, EventInterface},
    types::{
        ClientState,
        config::{ConnectionConfig, ReconnectPolicy, UnresponsiveConfig},
    },
};

use tokio::sync::broadcast::error::RecvError;

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
    /// When the connection was last known to be away, or came back.
    away: AtomicI64,
    why_not: Mutex<Option<String>>,
}

impl Link {
    pub(super) fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        let away = AtomicI64::new(clock.now_ms());
        Self { client, clock, silent_until: AtomicI64::new(i64::MIN), away, why_not: Mutex::default() }
    }

    /// Says why there is no connection: a line in the log for each new reason, not for each attempt, and one when it is
    /// back.
    pub(super) fn say_why_not(self: &Arc<Self>) {
        let (mut failures, mut connections) = (self.client.error_rx(), self.client.reconnect_rx());
        let link = Arc::clone(self);
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    failure = failures.recv() => match failure {
                        Ok((error, _)) => link.is_lost(&error),
                        Err(RecvError::Lagged(_)) => {}
                        Err(RecvError::Closed) => return,
                    },
                    connected = connections.recv() => match connected {
                        Ok(_) | Err(RecvError::Lagged(_)) => link.is_back(),
                        Err(RecvError::Closed) => return,
                    },
                }
            }
        });
    }

    /// Since when it has been connected without a break, as far as is known.
    pub(super) fn connected_since(&self) -> i64 {
        self.away.load(Ordering::Relaxed)
    }

    fn is_away(&self) {
        self.away.store(self.clock.now_ms(), Ordering::Relaxed);
    }

    fn is_lost(&self, error: &Error) {
        self.is_away();
        let reason = error.to_string();
        let mut why_not = self.why_not.lock().unwrap_or_else(PoisonError::into_inner);
        if why_not.as_ref() != Some(&reason) {
            tracing::warn!(%error, "Redis is not connected: the node goes on without it");
            *why_not = Some(reason);
        }
    }

    fn is_back(&self) {
        self.is_away();
        if self.why_not.lock().unwrap_or_else(PoisonError::into_inner).take().is_some() {
            tracing::info!("Redis is connected again");
        }
    }

    /// Asks, unless it is known that no answer will come.
    pub(super) async fn ask<T>(&self, question: impl Future<Output = Result<T, Error>>) -> Result<T, CacheError> {
        if self.client.state() != ClientState::Connected {
            self.is_away();
            let why_not = self.why_not.lock().unwrap_or_else(PoisonError::into_inner);
            return Err(CacheError(why_not.clone().unwrap_or_else(|| "it is not connected".to_owned())));
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
