//! What begins and ends a job.

use super::{Job, JobFailure, JobState, Jobs, Lease, NewJob};
use crate::{
    JobId, StoreError, Timestamp, Transaction,
    cell::Json,
    connection::{number, optional},
    row::{Number, Word},
    statement::{Statement, statement},
};

/// How a job ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It did what it should.
    Done {
        /// In the form of its kind.
        result: serde_json::Value,
    },
    /// It did, and found something.
    DoneWithFindings {
        /// In the form of its kind.
        result: serde_json::Value,
    },
    /// It could not, and another attempt would not help.
    Failed(JobFailure),
    /// Somebody stopped it.
    Cancelled,
}

impl Outcome {
    /// The state it leaves the job in.
    pub fn state(&self) -> JobState {
        match self {
            Self::Done { .. } => JobState::Done,
            Self::DoneWithFindings { .. } => JobState::DoneWithFindings,
            Self::Failed(_) => JobState::Failed,
            Self::Cancelled => JobState::Cancelled,
        }
    }

    fn result(&self) -> Option<&serde_json::Value> {
        match self {
            Self::Done { result } | Self::DoneWithFindings { result } => Some(result),
            _ => None,
        }
    }

    fn failure(&self) -> Option<&JobFailure> {
        match self {
            Self::Failed(failure) => Some(failure),
            _ => None,
        }
    }
}

/// What came of the wish to stop a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// It was waiting, and has ended.
    AtOnce,
    /// Its worker will hear of it with its next heartbeat.
    Requested,
    /// It had ended already.
    AlreadyEnded,
    /// There is no such job.
    Gone,
}

impl Jobs<&mut Transaction> {
    /// Puts a job into the queue. It is seen by workers when the transaction is committed, and never without it.
    ///
    /// Whose jobs wait, be it a group or, without one, a person, takes turns with the others: its next job comes after
    /// its last one, and not before the one whose turn it is now. So two hundred jobs of one group and one of another
    /// are begun as 1, 1, 199 and not as 200, 1.
    pub async fn enqueue(mut self, job: &NewJob, now: Timestamp) -> Result<(), StoreError> {
        let share = job.group_id.map(|group| group.to_string());
        let share = share.or_else(|| job.created_by.map(|user| user.to_string())).unwrap_or_default();
        let turn = self.next_turn(&share, now).await?;
        let insert = statement(
            "INSERT INTO jobs (id, kind, state, release_id, package_id, group_id, stage, progress_done, \
             progress_total, attempts, lease_number, run_after, cancel_requested, created_by, created_at, share, turn, \
             request_id) \
             VALUES (?, ?, ?, ?, ?, ?, '', 0, 0, 0, 0, ?, 0, ?, ?, ?, ?, ?)",
        )
        .bind(job.id)
        .bind(job.kind)
        .bind(JobState::Queued)
        .bind(job.release_id)
        .bind(job.package_id)
        .bind(job.group_id)
        .bind(job.run_after)
        .bind(job.created_by)
        .bind(now)
        .bind(share)
        .bind(turn)
        .bind(job.request_id.as_deref());
        self.0.execute(insert).await.map(drop)
    }

    /// Two transactions may be given the same turn: then the older job is begun first.
    ///
    /// Whose turn it is now, the jobs say that could be begun now: one that was put off long ago must not hold the turns
    /// of all who come where they were then. Only where none could be begun, the others say it.
    async fn next_turn(&mut self, share: &str, now: Timestamp) -> Result<u64, StoreError> {
        let mut source = &mut *self.0;
        let due = statement(
            "SELECT turn AS number FROM jobs WHERE state = 'queued' AND run_after <= ? ORDER BY turn, id LIMIT 1",
        );
        let current = if let Some(due) = optional::<Number>(&mut source, due.bind(now)).await? {
            u64::try_from(due.0).unwrap_or(0)
        } else {
            let waiting = statement("SELECT COALESCE(MIN(turn), 0) AS number FROM jobs WHERE state = 'queued'");
            number(&mut source, waiting).await?
        };
        let next_of_share =
            statement("SELECT COALESCE(MAX(turn) + 1, 0) AS number FROM jobs WHERE share = ? AND state = 'queued'");
        Ok(number(&mut source, next_of_share.bind(share)).await?.max(current))
    }

    /// The job with an id, which stays as it is until the transaction ends.
    pub async fn hold(self, id: JobId) -> Result<Option<Job>, StoreError> {
        let mut source = self.0;
        optional(&mut source, statement("SELECT * FROM jobs WHERE id = ?").bind(id).locking()).await
    }

    /// Ends a job, in the transaction that stores what came of it. False when the lease is gone: then the transaction
    /// must not be committed, for the job is somebody else's.
    pub async fn finish(self, lease: &Lease, outcome: &Outcome, now: Timestamp) -> Result<bool, StoreError> {
        let update = statement(
            "UPDATE jobs SET state = ?, result = ?, failure_code = ?, failure_data = ?, incident = ?, \
             finished_at = ?, lease_owner = NULL, lease_until = NULL \
             WHERE id = ? AND lease_owner = ? AND lease_number = ? AND state = 'running'",
        )
        .bind(outcome.state())
        .bind(outcome.result().map(Json));
        let update = bind_failure(update, outcome.failure()).bind(now);
        Ok(self.0.execute(lease.bind_held(update)).await? > 0)
    }

    /// Puts a job back into the queue after an attempt that failed. False when the lease is gone.
    pub async fn retry_later(
        self,
        lease: &Lease,
        run_after: Timestamp,
        failure: &JobFailure,
    ) -> Result<bool, StoreError> {
        let update = statement(
            "UPDATE jobs SET state = 'queued', put_offs = put_offs + 1, run_after = ?, failure_code = ?, \
             failure_data = ?, incident = ?, lease_owner = NULL, lease_until = NULL \
             WHERE id = ? AND lease_owner = ? AND lease_number = ? AND state = 'running'",
        )
        .bind(run_after);
        Ok(self.0.execute(lease.bind_held(bind_failure(update, Some(failure)))).await? > 0)
    }

    /// Puts a job that failed or was cancelled back into the queue, as if it were new: behind those who wait. False when
    /// it did neither.
    pub async fn retry(mut self, id: JobId, now: Timestamp) -> Result<bool, StoreError> {
        let held = statement("SELECT share AS text FROM jobs WHERE id = ? AND state IN ('failed', 'cancelled')");
        let held = optional::<Word>(&mut &mut *self.0, held.bind(id).locking()).await?;
        let Some(Word(share)) = held else { return Ok(false) };
        let turn = self.next_turn(&share, now).await?;
        let update = statement(
            "UPDATE jobs SET state = 'queued', turn = ?, run_after = ?, attempts = 0, put_offs = 0, takeovers = 0, \
             cancel_requested = 0, stage = '', \
             progress_done = 0, progress_total = 0, failure_code = NULL, failure_data = NULL, incident = NULL, \
             result = NULL, started_at = NULL, finished_at = NULL WHERE id = ? AND state IN ('failed', 'cancelled')",
        );
        Ok(self.0.execute(update.bind(turn).bind(now).bind(id)).await? > 0)
    }

    /// Stops a job: one that waits at once, one that runs through its worker.
    pub async fn request_cancel(self, id: JobId, now: Timestamp) -> Result<Cancelled, StoreError> {
        let mut source = self.0;
        let held = statement("SELECT * FROM jobs WHERE id = ?").bind(id).locking();
        let Some(job) = optional::<Job>(&mut source, held).await? else { return Ok(Cancelled::Gone) };
        let (update, outcome) = match job.state {
            JobState::Queued => (
                statement("UPDATE jobs SET cancel_requested = 1, state = 'cancelled', finished_at = ? WHERE id = ?")
                    .bind(now),
                Cancelled::AtOnce,
            ),
            JobState::Running => (statement("UPDATE jobs SET cancel_requested = 1 WHERE id = ?"), Cancelled::Requested),
            _ => return Ok(Cancelled::AlreadyEnded),
        };
        source.execute(update.bind(id)).await?;
        Ok(outcome)
    }

    /// Forgets jobs that ended before an instant, with their logs, and says how many.
    pub async fn delete_ended(self, before: Timestamp) -> Result<u64, StoreError> {
        self.0.execute(statement("DELETE FROM jobs WHERE finished_at < ?").bind(before)).await
    }
}

/// Binds the three columns of a failure: failure_code, failure_data, incident.
fn bind_failure(statement: Statement, failure: Option<&JobFailure>) -> Statement {
    statement
        .bind(failure.map(|failure| failure.code.as_str()))
        .bind(failure.map(|failure| Json(&failure.data)))
        .bind(failure.and_then(|failure| failure.incident.as_deref()))
}
