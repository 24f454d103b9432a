//! Who may be answered by the replica: a session that has not just changed anything, nor just heard of a change.

use std::time::Duration;

use bytes::Bytes;
use cache::CacheError;
use store::{LONGEST_LAG, NodeId, ReplicaState, Timestamp};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{actor::Means, services::Services};

/// How often the replica is measured.
const MEASURED_EVERY: Duration = Duration::from_secs(1);

/// For so long after a change a session reads from the primary: the longest lag with which the replica is read at all,
/// the age of the last measurement, and as much again.
pub const JUST_NOW: Duration = Duration::from_secs(2 * (LONGEST_LAG.as_secs() + MEASURED_EVERY.as_secs()));

impl Services {
    /// The same use cases, for a request that changes nothing. Single reads may go to the replica, unless the session
    /// has just made or heard of a change; where that cannot be found out, or may have been forgotten since, they go to
    /// the primary.
    pub async fn for_reading(&self, session: Means) -> Self {
        if !self.has_replica() {
            return self.clone();
        }
        let values = &self.inner.cache.values;
        let found = values.get(&key(session)).await;
        // Asked afterwards: whatever came back empty was away before it answered.
        let whole_for = self.now().since(Timestamp(values.whole_since()));
        if may_lag(&found, whole_for) { self.allowing_lag() } else { self.clone() }
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

/// Whether a session of which this is remembered may be answered by the replica, when nothing can have been forgotten for
/// so long.
fn may_lag(found: &Result<Option<Bytes>, CacheError>, whole_for: Duration) -> bool {
    matches!(found, Ok(None)) && whole_for > JUST_NOW
}

fn is_read(state: Option<ReplicaState>) -> bool {
    matches!(state, Some(ReplicaState::Follows { .. }))
}

fn key(session: Means) -> String {
    format!("changed:{session}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_where_a_change_would_be_remembered_may_a_session_be_shown_what_is_old() {
        let second = Duration::from_secs(1);
        assert!(may_lag(&Ok(None), JUST_NOW + second));
        assert!(!may_lag(&Ok(None), JUST_NOW), "it may have come back empty");
        assert!(!may_lag(&Ok(Some(Bytes::from_static(b"1"))), JUST_NOW + second));
        assert!(!may_lag(&Err(CacheError("away".to_owned())), JUST_NOW + second));
    }
}
