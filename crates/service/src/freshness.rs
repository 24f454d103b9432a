//! Who may be answered by the replica: a session that has not just changed anything, nor just heard of a change.

use std::time::Duration;

use bytes::Bytes;
use store::{LONGEST_LAG, NodeId, ReplicaState};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{actor::Means, services::Services};

/// How often the replica is measured.
const MEASURED_EVERY: Duration = Duration::from_secs(1);

/// For so long after a change a session reads from the primary: the longest lag with which the replica is read at all,
/// the age of the last measurement, and as much again.
const JUST_NOW: Duration = Duration::from_secs(2 * (LONGEST_LAG.as_secs() + MEASURED_EVERY.as_secs()));

impl Services {
    /// The same use cases, for a request that changes nothing. Single reads may go to the replica, unless the session
    /// has just made or heard of a change; where that cannot be found out, they go to the primary.
    pub async fn for_reading(&self, session: Means) -> Self {
        if !self.has_replica() {
            return self.clone();
        }
        match self.inner.cache.values.get(&key(session)).await {
            Ok(None) => self.allowing_lag(),
            Ok(Some(_)) | Err(_) => self.clone(),
        }
    }

    /// To be told when a session, or a token, is about to change something, and when it has.
    pub async fn has_changed(&self, session: Means) {
        if !self.has_replica() {
            return;
        }
        let told = self.inner.cache.values.put(&key(session), Bytes::from_static(b"1"), JUST_NOW).await;
        if let Err(error) = told {
            // Then nobody reads from the replica: the question fails as well.
            tracing::debug!(%error, %session, "a change was not remembered");
        }
    }

    /// Measures the replica until told to stop. Ends at once where there is none.
    pub async fn follow_replica(&self, shutdown: CancellationToken) {
        let node = NodeId::new(self.now(), rand::random());
        let mut ticks = tokio::time::interval(MEASURED_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut before = None;
        while self.has_replica() {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = ticks.tick() => {}
            }
            match self.store().measure_replica(node, self.now()).await {
                Ok(state) => {
                    if is_read(state) != is_read(before) {
                        tracing::info!(?state, "the replica");
                    }
                    before = state;
                }
                Err(error) => tracing::warn!(%error, "the replica cannot be measured"),
            }
        }
    }

    fn has_replica(&self) -> bool {
        self.store().replica_state().is_some()
    }
}

fn is_read(state: Option<ReplicaState>) -> bool {
    matches!(state, Some(ReplicaState::Follows { .. }))
}

fn key(session: Means) -> String {
    format!("changed:{session}")
}
