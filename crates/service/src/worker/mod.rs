//! The worker: takes jobs and does them.

mod attempt;
mod fault;
mod inspect;
mod lines;
mod pack;
mod verify;
mod watch;

use std::{error::Error as _, time::Duration};

use cache::Ring;
use futures::StreamExt;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use self::attempt::Attempt;
use crate::{failure::Failure, services::Services};

/// The channel of the bell on which nodes tell each other's workers what to look for.
pub(crate) const CHANNEL: &str = "workers";
/// There is work.
pub(crate) const WAKE: &[u8] = b"wake";
/// A running job is to stop.
pub(crate) const STOP: &[u8] = b"stop";

/// How long an idle worker waits at most before it looks for work that other nodes wrote or that was put off.
const IDLE: Duration = Duration::from_secs(1);

/// Takes jobs and does them, as many at once as [`Settings::workers`](crate::Settings::workers) says.
#[derive(Debug, Clone)]
pub struct Worker {
    services: Services,
    owner: String,
}

impl Worker {
    /// A worker of this node.
    pub fn new(services: Services) -> Self {
        Self { services, owner: format!("{:032x}", rand::random::<u128>()) }
    }

    /// Gives the jobs back that a process held which is dead, and takes away what it was writing. Only for the embedded
    /// database, at start.
    pub async fn take_over_everything(&self) -> Result<u64, Failure> {
        self.services.blobs().clear_incoming().await?;
        Ok(self.services.store().jobs().release_all_leases().await?)
    }

    /// Works until told to stop; then what runs is stopped and given back, so that
    /// another worker takes it at once.
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut workers = JoinSet::new();
        for _ in 0..self.services.settings().workers.max(1) {
            let (worker, shutdown) = (self.clone(), shutdown.clone());
            workers.spawn(async move { worker.work(&shutdown).await });
        }
        let listener = tokio::spawn(listen(self.services.clone()));
        while workers.join_next().await.is_some() {}
        listener.abort();
        if let Err(error) = self.services.store().jobs().release_leases_of(&self.owner).await {
            tracing::warn!(%error, "jobs are taken over only when their leases end");
        }
    }

    /// Does what is due, one job after the other, until nothing is. Returns how many attempts that took.
    pub async fn work_off(&self) -> Result<u64, Failure> {
        let mut count = 0;
        while self.do_one(&CancellationToken::new()).await? {
            count += 1;
        }
        Ok(count)
    }

    async fn work(&self, shutdown: &CancellationToken) {
        while !shutdown.is_cancelled() {
            let wait = match self.do_one(shutdown).await {
                Ok(found) => !found,
                Err(error) => {
                    let cause = error.source().map(ToString::to_string);
                    tracing::error!(%error, cause, "a worker cannot reach its jobs");
                    true
                }
            };
            if wait {
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    () = self.services.inner.new_jobs.notified() => {}
                    () = tokio::time::sleep(IDLE) => {}
                }
            }
        }
    }

    /// Takes a job that is due and tries to do it. False when there is none.
    async fn do_one(&self, shutdown: &CancellationToken) -> Result<bool, Failure> {
        let now = self.services.now();
        let until = now.after(self.services.settings().lease);
        let claimed = self.services.store().jobs().claim(now, &self.owner, until).await?;
        let Some((job, lease)) = claimed else { return Ok(false) };
        // More may wait: another idle worker need not wait for its turn to look.
        self.services.inner.new_jobs.notify_one();
        // An attempt holds a whole packing: on the heap it does not weigh on every task that may run one.
        let span = tracing::info_span!("job", id = %job.id, kind = job.kind.word(), request = job.request_id, attempt = job.attempts);
        Box::pin(Attempt::new(self.services.clone(), job, lease).run(shutdown)).instrument(span).await?;
        Ok(true)
    }
}

/// Passes on to this node's workers what any node tells all of them.
async fn listen(services: Services) {
    let mut rings = services.inner.cache.bell.listen(CHANNEL);
    while let Some(ring) = rings.next().await {
        let (woken, stopped) = match &ring {
            Ring::Message(message) => (message == WAKE, message == STOP),
            Ring::Lost => (true, true),
        };
        if woken {
            services.inner.new_jobs.notify_one();
        }
        if stopped {
            services.inner.cancellations.send_modify(|count| *count += 1);
        }
    }
}
