//! The replica: which reads go there, and how far behind it is.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use sqlx::MySqlPool;

use crate::{
    NodeId, Store, StoreError, Timestamp,
    connection::rows_of,
    row::{Number, Record},
    statement::{Statement, statement},
    store::Db,
};

/// A replica that is further behind is not read: what a person did half a minute ago must be seen. Whoever decides
/// that a session may read from it must have waited for longer than this since the session wrote.
pub const LONGEST_LAG: Duration = Duration::from_secs(5);

/// How long the replica may take to answer before the primary is asked.
const PATIENCE: Duration = Duration::from_secs(2);

/// Beats of nodes that have been gone for so long are forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(24);

/// How the replica is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplicaState {
    /// It is read. Milliseconds that it is behind, to the second of the last measurement.
    Follows {
        /// How far behind.
        lag: Duration,
    },
    /// It answers and is too far behind to be read.
    Lags {
        /// How far behind; absent when it has not yet seen anything of this node.
        lag: Option<Duration>,
    },
    /// It does not answer.
    Gone,
}

/// The connections to the replica, with what was last found out about it.
#[derive(Debug, Clone)]
pub(crate) struct Replica {
    pub(crate) pool: MySqlPool,
    /// Milliseconds behind, or one of the two below.
    lag: Arc<AtomicI64>,
    /// The last beat that the primary has taken, so that it is not asked what it was told a second ago.
    beat: Arc<AtomicI64>,
}

/// It did not answer, or was never asked.
const GONE: i64 = -1;
/// It answers, and knows nothing of this node yet.
const UNKNOWN: i64 = -2;
/// No beat was written yet: what the replica shows is older than any.
const NONE: i64 = i64::MAX;

impl Replica {
    /// Not read before it was measured.
    pub(crate) fn new(pool: MySqlPool) -> Self {
        Self { pool, lag: Arc::new(AtomicI64::new(GONE)), beat: Arc::new(AtomicI64::new(NONE)) }
    }

    fn state(&self) -> ReplicaState {
        let lag = self.lag.load(Ordering::Relaxed);
        match u64::try_from(lag).map(Duration::from_millis) {
            Ok(lag) if lag <= LONGEST_LAG => ReplicaState::Follows { lag },
            Ok(lag) => ReplicaState::Lags { lag: Some(lag) },
            Err(_) if lag == UNKNOWN => ReplicaState::Lags { lag: None },
            Err(_) => ReplicaState::Gone,
        }
    }

    /// True when a read that may be a little old can be answered here.
    pub(crate) fn is_read(&self) -> bool {
        matches!(self.state(), ReplicaState::Follows { .. })
    }

    /// What the replica answers; nothing when it does not, and then it is not asked again before the next measurement.
    pub(crate) async fn ask<T>(&self, answer: impl Future<Output = Result<T, StoreError>>) -> Option<T> {
        let failure = match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(answer)) => return Some(answer),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        tracing::warn!(failure, "the replica does not answer: reads go to the primary");
        self.lag.store(GONE, Ordering::Relaxed);
        None
    }
}

impl Store {
    /// How the replica was when it was last measured; nothing where there is none.
    pub fn replica_state(&self) -> Option<ReplicaState> {
        self.replica().map(Replica::state)
    }

    /// Finds out how far behind the replica is, by a row that this node writes on the primary: that needs no right but
    /// those on the tables, and no clock but this node's. To be called about once a second; what it finds is as exact as
    /// that. One store measures for one node.
    ///
    /// # Errors
    /// When the primary does not answer. A replica that does not is a state.
    pub async fn measure_replica(&self, node: NodeId, now: Timestamp) -> Result<Option<ReplicaState>, StoreError> {
        let Some(replica) = self.replica() else { return Ok(None) };
        let seen = replica.ask(rows_of(&replica.pool, beat_of(node))).await;
        if let Some(rows) = seen {
            let seen = rows.first().map(Number::from_row).transpose()?;
            let lag = match seen {
                // Behind is what the row of the last time says; when that is there, nothing of it is missing.
                Some(Number(seen)) if seen >= replica.beat.load(Ordering::Relaxed) => 0,
                Some(Number(seen)) => now.0.saturating_sub(seen).max(0),
                None => UNKNOWN,
            };
            replica.lag.store(lag, Ordering::Relaxed);
        }
        self.beat(node, now).await?;
        replica.beat.store(now.0, Ordering::Relaxed);
        Ok(Some(replica.state()))
    }

    async fn beat(&self, node: NodeId, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.begin_write().await?;
        let update = statement("UPDATE node_beats SET beat_at = ? WHERE node_id = ?").bind(now).bind(node);
        if transaction.execute(update).await? == 0 {
            let insert = statement("INSERT INTO node_beats (node_id, beat_at) VALUES (?, ?)").bind(node).bind(now);
            transaction.execute(insert).await?;
            let old = statement("DELETE FROM node_beats WHERE beat_at < ?").bind(now.before(FORGOTTEN_AFTER));
            transaction.execute(old).await?;
        }
        transaction.commit().await
    }

    pub(crate) fn replica(&self) -> Option<&Replica> {
        match self.db() {
            Db::MySql { replica, .. } => replica.as_ref(),
            Db::Sqlite { .. } => None,
        }
    }
}

fn beat_of(node: NodeId) -> Statement {
    statement("SELECT beat_at AS number FROM node_beats WHERE node_id = ?").bind(node)
}
