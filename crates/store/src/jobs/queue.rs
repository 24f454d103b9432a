//! The queue as workers see it: claim, renew, report, give back.

use serde::Serialize;

use super::{Job, JobState, Jobs};
use crate::{
    JobId, Store, StoreError, Timestamp, Transaction,
    connection::{Reads, number, optional},
    row::{CellError, Number, Record, Row, Word},
    statement::{Statement, statement},
};

/// The right to work on a job. Each claim has its own number, never given again, so that a worker that was given up cannot speak for the one
/// that took over, even in the same process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Which job.
    pub job_id: JobId,
    /// The worker, at most 100 characters.
    pub owner: String,
    /// Which claim of the job, counted from 1.
    pub number: u32,
}

impl Lease {
    /// Binds the three values by which an update knows that the lease is still held.
    pub(super) fn bind_held(&self, statement: Statement) -> Statement {
        statement.bind(self.job_id).bind(&self.owner).bind(self.number)
    }
}

/// What a renewed lease says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heartbeat {
    /// The lease is renewed.
    Held {
        /// True when somebody wants the job stopped.
        cancel_requested: bool,
    },
    /// The lease is gone: somebody else has the job, or it ended, or it was deleted. The worker must stop and store
    /// nothing.
    Lost,
}

/// How full the queue is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct QueueCounts {
    /// Jobs that wait.
    pub queued: u64,
    /// Jobs that a worker holds.
    pub running: u64,
    /// When the job was due that waits longest: one that is begun anew or put off has not waited since it was made.
    pub oldest_queued_at: Option<Timestamp>,
}

struct OldestRow(Option<Timestamp>);

impl Record for OldestRow {
    const TABLE: &'static str = "jobs";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self(row.optional("oldest")?))
    }
}

impl<C: Reads> Jobs<C> {
    /// How full the queue is.
    pub async fn counts(mut self) -> Result<QueueCounts, StoreError> {
        let count = |state: JobState| statement("SELECT COUNT(*) AS number FROM jobs WHERE state = ?").bind(state);
        let queued = number(&mut self.0, count(JobState::Queued)).await?;
        let running = number(&mut self.0, count(JobState::Running)).await?;
        let oldest = statement("SELECT MIN(run_after) AS oldest FROM jobs WHERE state = ?").bind(JobState::Queued);
        let oldest = optional::<OldestRow>(&mut self.0, oldest).await?;
        Ok(QueueCounts { queued, running, oldest_queued_at: oldest.and_then(|row| row.0) })
    }
}

impl Jobs<&Store> {
    /// Claims one job for a worker until `lease_until`: first one whose worker has gone silent, else the one whose turn
    /// it is: groups take turns, and within a group the one that has waited longest. Of two workers that claim at once each gets another job, or none. The caller decides what is to
    /// become of a job that was attempted too often.
    pub async fn claim(
        self,
        now: Timestamp,
        owner: &str,
        lease_until: Timestamp,
    ) -> Result<Option<(Job, Lease)>, StoreError> {
        // Idle workers ask without taking the write lock from anybody.
        let mut reader = self.0;
        if find_due(&mut reader, now, |query| query).await?.is_none() {
            return Ok(None);
        }
        let mut transaction = self.0.begin_write().await?;
        let mut source = &mut transaction;
        let Some(id) = find_due(&mut source, now, Statement::locking_what_is_free).await? else { return Ok(None) };
        // One that runs was taken from a silent worker. Told before the state changes: MySQL goes from left to right.
        let update = statement(
            "UPDATE jobs SET takeovers = takeovers + CASE WHEN state = 'running' THEN 1 ELSE 0 END, \
             state = ?, lease_owner = ?, lease_until = ?, attempts = attempts + 1, lease_number = lease_number + 1, \
             started_at = COALESCE(started_at, ?), stage = '', progress_done = 0, progress_total = 0 WHERE id = ?",
        );
        let update = update.bind(JobState::Running).bind(owner).bind(lease_until).bind(now).bind(&id);
        source.execute(update).await?;
        let job = optional::<Job>(&mut source, statement("SELECT * FROM jobs WHERE id = ?").bind(&id)).await?;
        transaction.commit().await?;
        Ok(job.map(|job| {
            let lease = Lease { job_id: job.id, owner: owner.to_owned(), number: job.lease_number };
            (job, lease)
        }))
    }

    /// Renews a lease until an instant.
    pub async fn heartbeat(self, lease: &Lease, until: Timestamp) -> Result<Heartbeat, StoreError> {
        let mut transaction = self.0.begin_write().await?;
        let update = statement(
            "UPDATE jobs SET lease_until = ? WHERE id = ? AND lease_owner = ? AND lease_number = ? AND state = 'running'",
        );
        if transaction.execute(lease.bind_held(update.bind(until))).await? == 0 {
            return Ok(Heartbeat::Lost);
        }
        let wanted = statement("SELECT cancel_requested AS number FROM jobs WHERE id = ?").bind(lease.job_id);
        let wanted = optional::<Number>(&mut &mut transaction, wanted).await?;
        transaction.commit().await?;
        Ok(wanted.map_or(Heartbeat::Lost, |wanted| Heartbeat::Held { cancel_requested: wanted.0 != 0 }))
    }

    /// Reports how far a job is. False when the lease is gone.
    pub async fn progress(self, lease: &Lease, stage: &str, done: u64, total: u64) -> Result<bool, StoreError> {
        let mut transaction = self.0.begin_write().await?;
        let update = statement(
            "UPDATE jobs SET stage = ?, progress_done = ?, progress_total = ? \
             WHERE id = ? AND lease_owner = ? AND lease_number = ? AND state = 'running'",
        );
        let held = transaction.execute(lease.bind_held(update.bind(stage).bind(done).bind(total))).await? > 0;
        transaction.commit().await?;
        Ok(held)
    }

    /// Gives back at once what a worker holds, when it stops in good order, which is no fault of the jobs. Says how many
    /// wait again.
    pub async fn release_leases_of(self, owner: &str) -> Result<u64, StoreError> {
        let update = statement(
            "UPDATE jobs SET state = 'queued', lease_owner = NULL, lease_until = NULL \
             WHERE state = 'running' AND lease_owner = ?",
        );
        in_its_own(self.0, update.bind(owner)).await
    }

    /// Gives back what anybody holds. Only for the embedded database at start, where whoever held a lease is dead.
    pub async fn release_all_leases(self) -> Result<u64, StoreError> {
        let update = statement(
            "UPDATE jobs SET state = 'queued', takeovers = takeovers + 1, lease_owner = NULL, lease_until = NULL \
             WHERE state = 'running'",
        );
        in_its_own(self.0, update).await
    }
}

async fn in_its_own(store: &Store, update: Statement) -> Result<u64, StoreError> {
    let mut transaction: Transaction = store.begin_write().await?;
    let count = transaction.execute(update).await?;
    transaction.commit().await?;
    Ok(count)
}

/// The job to claim next. Two statements, each along an index: with an `OR` neither engine would use one.
async fn find_due(
    source: &mut impl Reads,
    now: Timestamp,
    lock: impl Fn(Statement) -> Statement,
) -> Result<Option<String>, StoreError> {
    let silent = statement(
        "SELECT id AS text FROM jobs WHERE state = 'running' AND lease_until < ? ORDER BY lease_until, id LIMIT 1",
    );
    if let Some(word) = optional::<Word>(source, lock(silent.bind(now))).await? {
        return Ok(Some(word.0));
    }
    let waiting =
        statement("SELECT id AS text FROM jobs WHERE state = 'queued' AND run_after <= ? ORDER BY turn, id LIMIT 1");
    Ok(optional::<Word>(source, lock(waiting.bind(now))).await?.map(|word| word.0))
}
