//! How the node is.

use std::{path::Path, time::Duration};

use serde::{Deserialize, Serialize};
use store::{ReplicaState, Timestamp};

use crate::services::Services;

/// How long a part may take to answer: a probe waits for five seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As it should be.
    Healthy,
    /// It works, with less than it should have.
    Degraded,
    /// It does not work.
    Unhealthy,
}

/// Space on the disk of the blobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// Free space in percent, when it can be asked for.
    pub free_percent: Option<u8>,
    /// Degraded below 10 %, unhealthy below 2 %.
    pub status: Status,
}

/// Memory of the machine or of the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// Memory that is used in percent, when it can be asked for.
    pub percent_used: Option<u8>,
    /// Degraded above 90 %.
    pub status: Status,
}

/// The replica of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replica {
    /// How many seconds it is behind, when it answers and has ever followed.
    pub lag_seconds: Option<u64>,
    /// Degraded when it is too far behind to be read, or does not answer: the primary is read.
    pub status: Status,
}

impl From<ReplicaState> for Replica {
    fn from(state: ReplicaState) -> Self {
        let (lag, status) = match state {
            ReplicaState::Follows { lag } => (Some(lag), Status::Healthy),
            ReplicaState::Lags { lag } => (lag, Status::Degraded),
            ReplicaState::Gone => (None, Status::Degraded),
        };
        Self { lag_seconds: lag.map(|lag| lag.as_secs()), status }
    }
}

/// The queue of jobs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// Jobs that wait.
    pub queued: u64,
    /// Jobs that are being done.
    pub running: u64,
    /// For how many seconds the oldest of them has been due.
    pub oldest_seconds: u64,
}

/// The parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// The database answers.
    pub database: Status,
    /// The replica, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replica: Option<Replica>,
    /// The cache answers.
    pub cache: Status,
    /// The blob store answers.
    pub blobs: Status,
    /// Disk.
    pub disk: Disk,
    /// Memory.
    pub memory: Memory,
    /// Jobs.
    pub jobs: Queue,
}

/// How the node is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// All together: unhealthy when it cannot do its work, degraded when a part is not healthy.
    pub status: Status,
    /// Now, after RFC 3339.
    pub timestamp: String,
    /// The parts.
    pub services: Parts,
}

/// The use cases of health.
#[derive(Debug, Clone, Copy)]
pub struct HealthCheck<'a> {
    pub(crate) services: &'a Services,
}

impl HealthCheck<'_> {
    /// Asks every part. Never fails: that is what it is for.
    pub async fn check(&self) -> Health {
        let inner = &self.services.inner;
        let store = self.services.store();
        let database = answer("database", store.ping(), Status::Unhealthy).await;
        let cache = async { inner.cache.values.get("health").await.map(drop) };
        // Without the cache the node goes on, slower.
        let cache = answer("cache", cache, Status::Degraded).await;
        let blobs = answer("blobs", inner.blobs.ping(), Status::Unhealthy).await;
        // A database that is away would be waited for, longer than whoever asks waits.
        let jobs = if database == Status::Healthy { self.queue().await } else { Queue::default() };
        let (disk, memory) = (disk(inner.blobs.root().unwrap_or(&inner.settings.staging_dir)), memory().await);
        let replica = store.replica_state().map(Replica::from);
        let services = Parts { database, replica, cache, blobs, disk, memory, jobs };
        let of_replica = replica.map_or(Status::Healthy, |replica| replica.status);
        let parts = [database, of_replica, cache, blobs, disk.status, memory.status];
        let worst = parts.into_iter().max().unwrap_or(Status::Healthy);
        Health { status: worst, timestamp: rfc_3339(self.services.now()), services }
    }
}

impl HealthCheck<'_> {
    async fn queue(&self) -> Queue {
        match tokio::time::timeout(PATIENCE, self.services.store().jobs().counts()).await {
            Ok(Ok(counts)) => Queue {
                queued: counts.queued,
                running: counts.running,
                oldest_seconds: counts.oldest_queued_at.map_or(0, |at| self.services.now().since(at).as_secs()),
            },
            Ok(Err(_)) | Err(_) => Queue::default(),
        }
    }
}

/// Healthy when it answers in time, else as bad as its loss is.
async fn answer<E: std::fmt::Display>(
    part: &'static str,
    asked: impl Future<Output = Result<(), E>>,
    lost: Status,
) -> Status {
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(())) => Status::Healthy,
        Ok(Err(error)) => {
            tracing::warn!(part, %error, "a part does not answer");
            lost
        }
        Err(_) => {
            tracing::warn!(part, "a part does not answer in time");
            lost
        }
    }
}

fn disk(root: &Path) -> Disk {
    let free_percent = rustix::fs::statvfs(root).ok().and_then(|stat| percent(stat.f_bavail, stat.f_blocks));
    let status = match free_percent {
        Some(free) if free < 2 => Status::Unhealthy,
        Some(free) if free < 10 => Status::Degraded,
        _ => Status::Healthy,
    };
    Disk { free_percent, status }
}

async fn memory() -> Memory {
    let percent_used = crate::memory::percent_used().await;
    let status = if percent_used.is_some_and(|used| used > 90) { Status::Degraded } else { Status::Healthy };
    Memory { percent_used, status }
}

pub(crate) fn percent(part: u64, whole: u64) -> Option<u8> {
    u8::try_from(u128::from(part) * 100 / u128::from((whole > 0).then_some(whole)?)).ok()
}

fn rfc_3339(now: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(now.0).map(|at| at.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_nothing_has_no_percentage() {
        assert_eq!(percent(1, 4), Some(25));
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn instants_are_written_in_utc() {
        assert_eq!(rfc_3339(Timestamp(1_700_000_000_123)), "2023-11-14T22:13:20.123Z");
    }
}
