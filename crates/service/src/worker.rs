//! The worker: takes jobs and does them.

use tokio_util::sync::CancellationToken;

use crate::services::Services;

/// Takes jobs and does them, as many at once as [`Settings::workers`](crate::Settings::workers) says.
#[derive(Debug, Clone)]
pub struct Worker {
    services: Services,
}

impl Worker {
    /// A worker of this node.
    pub fn new(services: Services) -> Self {
        Self { services }
    }

    /// Works until told to stop; then lets go of what it has not finished, so that another takes it at once.
    pub async fn run(&self, shutdown: CancellationToken) {
        let _ = &self.services;
        shutdown.cancelled().await;
    }
}
