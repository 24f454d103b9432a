//! What is thrown away from time to time: abandoned uploads, ended sessions, blobs that nothing refers to.

use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::{failure::Failure, services::Services};

/// What one round threw away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Uploads that nobody went on with.
    pub uploads: u64,
    /// Sessions past their time.
    pub sessions: u64,
    /// Blobs that nothing refers to.
    pub blobs: u64,
}

/// The use cases of housekeeping.
#[derive(Debug, Clone, Copy)]
pub struct Housekeeping<'a> {
    pub(crate) services: &'a Services,
}

impl Housekeeping<'_> {
    /// One round.
    pub async fn sweep(&self) -> Result<Swept, Failure> {
        unavailable!(self)
    }

    /// A round now and every hour, until told to stop. A round that fails is logged, and the next one tries again.
    pub async fn run(&self, shutdown: CancellationToken) {
        shutdown.cancelled().await;
    }
}
