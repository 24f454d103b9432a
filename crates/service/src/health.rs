//! How the node is.

use serde::{Deserialize, Serialize};

use crate::services::Services;

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

/// The queue of jobs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// Jobs that wait.
    pub queued: u64,
    /// Jobs that are being done.
    pub running: u64,
    /// For how many seconds the oldest of them has waited.
    pub oldest_seconds: u64,
}

/// The parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// The database answers.
    pub database: Status,
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
        let _ = self.services;
        let disk = Disk { free_percent: None, status: Status::Unhealthy };
        let memory = Memory { percent_used: None, status: Status::Unhealthy };
        let (database, cache, blobs) = (Status::Unhealthy, Status::Unhealthy, Status::Unhealthy);
        let services = Parts { database, cache, blobs, disk, memory, jobs: Queue::default() };
        Health { status: Status::Unhealthy, timestamp: String::new(), services }
    }
}
