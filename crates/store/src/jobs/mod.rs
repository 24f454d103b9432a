//! Jobs: slow work, written in the transaction that causes it, done by whoever holds its lease.

mod changes;
mod log;
mod queue;

pub use changes::{Cancelled, Outcome};
pub use log::{LogLevel, LogLine};
pub use queue::{Heartbeat, Lease, QueueCounts};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    GroupId, JobId, PackageId, ReleaseId, StoreError, Timestamp, UserId,
    cell::{Json, Value},
    connection::{Reads, list, number, optional},
    placeholders::{VALUES_AT_ONCE, placeholders},
    releases::VisibleTo,
    row::{CellError, Record, Row},
    statement::{composed, statement},
    word::words,
};

words! {
    /// What a job does.
    JobKind, "kind of job" {
        /// Reads and checks a book.
        Inspect = "inspect",
        /// Makes a package.
        Pack = "pack",
        /// Reads a package again and compares it with its manifest.
        Verify = "verify",
    }
}

words! {
    /// How far a job is.
    JobState, "state of a job" {
        /// It waits for a worker.
        Queued = "queued",
        /// A worker holds its lease.
        Running = "running",
        /// It did what it should.
        Done = "done",
        /// It did, and found something.
        DoneWithFindings = "done-with-findings",
        /// It could not.
        Failed = "failed",
        /// Somebody stopped it.
        Cancelled = "cancelled",
    }
}

impl JobState {
    /// True when no worker will touch it any more.
    pub fn is_ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFailure {
    /// A stable code, at most 100 characters.
    pub code: String,
    /// The values that the code's text names.
    pub data: BTreeMap<String, String>,
    /// The id under which the log tells more, for what was not foreseen.
    pub incident: Option<String>,
}

/// A job as stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Job {
    /// Which.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// How far it is.
    pub state: JobState,
    /// For which release.
    pub release_id: Option<ReleaseId>,
    /// For which package.
    pub package_id: Option<PackageId>,
    /// For which group.
    pub group_id: Option<GroupId>,
    /// What it is doing: a word of its kind, at most 40 characters; empty before it begins.
    pub stage: String,
    /// How much of the stage is done, in units of the stage.
    pub progress_done: u64,
    /// How much there is to do; 0 when that is not known.
    pub progress_total: u64,
    /// How often a worker has begun it since it was new, or made as good as new.
    pub attempts: u32,
    /// How many of those ended with a fault that passes.
    pub put_offs: u32,
    /// How often a worker died with it, or was taken for dead.
    pub takeovers: u32,
    /// How often it was claimed in all.
    pub lease_number: u32,
    /// Before this it is not begun.
    pub run_after: Timestamp,
    /// The worker that holds it.
    pub lease_owner: Option<String>,
    /// Until when it does.
    pub lease_until: Option<Timestamp>,
    /// True when somebody wants it stopped.
    pub cancel_requested: bool,
    /// Why it failed, or why its last attempt did.
    pub failure: Option<JobFailure>,
    /// What came of it, in the form of its kind.
    pub result: Option<serde_json::Value>,
    /// Who caused it; absent when the product did.
    pub created_by: Option<UserId>,
    /// By which request, as the logs name it; absent when the product did.
    pub request_id: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// When it was first begun.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// A job to come.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Which.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// For which release.
    pub release_id: Option<ReleaseId>,
    /// For which package.
    pub package_id: Option<PackageId>,
    /// For which group.
    pub group_id: Option<GroupId>,
    /// Before this it is not begun.
    pub run_after: Timestamp,
    /// Who caused it.
    pub created_by: Option<UserId>,
    /// By which request, as the logs name it: at most 64 characters.
    pub request_id: Option<String>,
}

/// Which jobs a list has. The empty filter has them all.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Any of these; empty means any at all.
    pub state: Vec<JobState>,
    /// Any of these; empty means any at all.
    pub kind: Vec<JobKind>,
    /// For this release.
    pub release: Option<ReleaseId>,
    /// Without those that another of the same kind followed, for the same release and, where it has one, the same
    /// package, that is now in one of these states; empty means with all. A job that has not ended follows each one.
    pub not_followed_by: Vec<JobState>,
    /// Without those that failed with one of these codes.
    pub not_failed_with: Vec<&'static str>,
    /// Without those that somebody has asked to stop already.
    pub not_stopping: bool,
    /// Only those of packages whose files are kept.
    pub package_is_kept: bool,
    /// Only what somebody sees: their own, and those of releases that they see. Absent means everything.
    pub visible_to: Option<VisibleTo>,
}

impl JobFilter {
    /// What a job has to be, each with its values in order.
    fn conditions(&self) -> (Vec<String>, Vec<Value>) {
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        if !self.state.is_empty() {
            conditions.push(format!("state IN ({})", placeholders(self.state.len())));
            values.extend(self.state.iter().map(Value::from));
        }
        if !self.kind.is_empty() {
            conditions.push(format!("kind IN ({})", placeholders(self.kind.len())));
            values.extend(self.kind.iter().map(Value::from));
        }
        if let Some(release) = self.release {
            conditions.push("release_id = ?".to_owned());
            values.push(release.into());
        }
        if !self.not_followed_by.is_empty() {
            // By when they ended: a job that is begun anew keeps its id, and may end after those made later.
            let states = placeholders(self.not_followed_by.len());
            conditions.push(format!(
                "NOT EXISTS (SELECT 1 FROM jobs other WHERE other.release_id = jobs.release_id AND other.id <> jobs.id \
                 AND other.kind = jobs.kind AND (jobs.package_id IS NULL OR other.package_id = jobs.package_id) \
                 AND jobs.finished_at IS NOT NULL AND other.state IN ({states}) \
                 AND (other.finished_at IS NULL OR other.finished_at > jobs.finished_at \
                 OR (other.finished_at = jobs.finished_at AND other.id > jobs.id)))"
            ));
            values.extend(self.not_followed_by.iter().map(Value::from));
        }
        if !self.not_failed_with.is_empty() {
            let codes = placeholders(self.not_failed_with.len());
            conditions.push(format!("(failure_code IS NULL OR failure_code NOT IN ({codes}))"));
            values.extend(self.not_failed_with.iter().map(Value::from));
        }
        if self.not_stopping {
            conditions.push("cancel_requested = 0".to_owned());
        }
        if self.package_is_kept {
            conditions.push(
                "EXISTS (SELECT 1 FROM packages p WHERE p.id = jobs.package_id AND p.files_removed_at IS NULL)"
                    .to_owned(),
            );
        }
        if let Some(visible_to) = &self.visible_to {
            let (condition, bound) = visible_to.condition();
            conditions.push(format!(
                "(created_by = ? OR EXISTS (SELECT 1 FROM releases r WHERE r.id = jobs.release_id AND {condition}))"
            ));
            values.push(visible_to.user.into());
            values.extend(bound);
        }
        (conditions, values)
    }
}

fn wherever(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
}

/// A page of jobs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JobPage {
    /// The newest first.
    pub items: Vec<Job>,
    /// The job after which the next page begins; absent on the last one.
    pub next: Option<JobId>,
}

impl Record for Job {
    const TABLE: &'static str = "jobs";

    fn read(row: &Row) -> Result<Self, CellError> {
        let failure = match row.optional("failure_code")? {
            None => None,
            Some(code) => Some(JobFailure {
                code,
                data: row.optional::<Json<_>>("failure_data")?.map(|json| json.0).unwrap_or_default(),
                incident: row.optional("incident")?,
            }),
        };
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            state: row.get("state")?,
            release_id: row.optional("release_id")?,
            package_id: row.optional("package_id")?,
            group_id: row.optional("group_id")?,
            stage: row.get("stage")?,
            progress_done: row.get("progress_done")?,
            progress_total: row.get("progress_total")?,
            attempts: row.get("attempts")?,
            put_offs: row.get("put_offs")?,
            takeovers: row.get("takeovers")?,
            lease_number: row.get("lease_number")?,
            run_after: row.get("run_after")?,
            lease_owner: row.optional("lease_owner")?,
            lease_until: row.optional("lease_until")?,
            cancel_requested: row.get("cancel_requested")?,
            failure,
            result: row.optional::<Json<_>>("result")?.map(|json| json.0),
            created_by: row.optional("created_by")?,
            request_id: row.optional("request_id")?,
            created_at: row.get("created_at")?,
            started_at: row.optional("started_at")?,
            finished_at: row.optional("finished_at")?,
        })
    }
}

/// A state and how many jobs are in it.
struct StateRow {
    state: JobState,
    number: u64,
}

impl Record for StateRow {
    const TABLE: &'static str = "jobs";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { state: row.get("state")?, number: row.get("number")? })
    }
}

/// Where a job stands in the queue.
struct PositionRow {
    id: JobId,
    number: u64,
}

impl Record for PositionRow {
    const TABLE: &'static str = "jobs";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { id: row.get("id")?, number: row.get("number")? })
    }
}

/// Jobs, read through a store or a transaction.
#[derive(Debug)]
pub struct Jobs<C>(pub(crate) C);

impl<C: Reads> Jobs<C> {
    /// The job with an id.
    pub async fn lookup(mut self, id: JobId) -> Result<Option<Job>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM jobs WHERE id = ?").bind(id)).await
    }

    /// The jobs of a release, the newest first.
    pub async fn list_of(mut self, release: ReleaseId) -> Result<Vec<Job>, StoreError> {
        list(&mut self.0, statement("SELECT * FROM jobs WHERE release_id = ? ORDER BY id DESC").bind(release)).await
    }

    /// How many of the releases that somebody has sent to be packed by one request are in which state; `first` is the first
    /// of its jobs.
    pub async fn count_packing(
        mut self,
        user: UserId,
        first: JobId,
        request: &str,
    ) -> Result<Vec<(JobState, u64)>, StoreError> {
        // Along the kind from that job on: of somebody's own jobs there may be many from before.
        let query = statement(
            "SELECT state, COUNT(*) AS number FROM jobs WHERE kind = 'pack' AND id >= ? AND (created_by || '') = ? \
             AND request_id = ? GROUP BY state",
        );
        let rows = list::<StateRow>(&mut self.0, query.bind(first).bind(user).bind(request)).await?;
        Ok(rows.into_iter().map(|row| (row.state, row.number)).collect())
    }

    /// How many jobs ended before an instant.
    pub async fn count_ended(mut self, before: Timestamp) -> Result<u64, StoreError> {
        number(&mut self.0, statement("SELECT COUNT(*) AS number FROM jobs WHERE finished_at < ?").bind(before)).await
    }

    /// A page of at most `limit` jobs, the newest first, from where the last one ended.
    pub async fn list(mut self, filter: &JobFilter, after: Option<JobId>, limit: u32) -> Result<JobPage, StoreError> {
        let (mut conditions, mut values) = filter.conditions();
        if let Some(after) = after {
            // Ids sort by the time they were made, so they are the whole key.
            conditions.push("id < ?".to_owned());
            values.push(after.into());
        }
        let query = composed(format!("SELECT * FROM jobs{} ORDER BY id DESC LIMIT ?", wherever(&conditions)));
        let query = query.bind_all(values).bind(i64::from(limit) + 1);
        let mut items = list::<Job>(&mut self.0, query).await?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > wanted;
        items.truncate(wanted);
        let next = items.last().filter(|_| more).map(|last| last.id);
        Ok(JobPage { items, next })
    }

    /// How many jobs there are, counted no further than `most`.
    pub async fn count(mut self, filter: &JobFilter, most: u32) -> Result<u64, StoreError> {
        let (conditions, values) = filter.conditions();
        let query = composed(format!(
            "SELECT COUNT(*) AS number FROM (SELECT id FROM jobs{} LIMIT ?) counted",
            wherever(&conditions)
        ));
        number(&mut self.0, query.bind_all(values).bind(i64::from(most))).await
    }

    /// Which place each of these jobs has in the queue, counted from 1; one that does not wait is absent. One statement
    /// for a page of jobs.
    pub async fn queue_positions(mut self, ids: &[JobId]) -> Result<BTreeMap<JobId, u64>, StoreError> {
        let mut positions = BTreeMap::new();
        for ids in ids.chunks(VALUES_AT_ONCE) {
            let query = composed(format!(
                "SELECT j.id, (SELECT COUNT(*) FROM jobs q WHERE q.state = 'queued' AND (q.turn < j.turn \
                 OR (q.turn = j.turn AND q.id <= j.id))) AS number \
                 FROM jobs j WHERE j.state = 'queued' AND j.id IN ({})",
                placeholders(ids.len())
            ));
            let rows = list::<PositionRow>(&mut self.0, query.bind_all(ids)).await?;
            positions.extend(rows.into_iter().map(|row| (row.id, row.number)));
        }
        Ok(positions)
    }
}
