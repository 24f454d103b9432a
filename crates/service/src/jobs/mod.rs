//! Jobs: slow work, its progress and its log.

mod many;
mod package_check;

use serde::{Deserialize, Serialize};
pub use store::jobs::{JobFailure, JobKind, JobState, LogLevel, LogLine};
use store::{
    GroupId, JobId, PackageId, ReleaseId, Timestamp, UserId,
    audit::AuditAction,
    jobs::{Cancelled, JobFilter},
};

pub use self::{
    many::{MOST_AT_ONCE, ManyJobs, Outcomes},
    package_check::{Made, PackageCheck, VolumesCheck, WrongFile},
};
use crate::{
    actor::Actor,
    audit::Change,
    events::{Event, Topic},
    failure::Failure,
    page::{self, Cursor, Page},
    permissions::{Action, Resource},
    releases::{self, GivenUp},
    services::Services,
};

/// Lines of a log that are read at once.
const LINES_AT_ONCE: u32 = 1_000;

/// Why a book is refused; the reading of it fails with the same code, and no other try would take it.
pub const REFUSALS: [&str; 4] = ["protected", "unknown-format", "unsupported-format", "licence-ticket"];

/// How far a job is, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Done.
    pub done: u64,
    /// In all; 0 while it is not known.
    pub total: u64,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// The release it works on.
    pub release_id: Option<ReleaseId>,
    /// The title or name of that release, for lists.
    pub release_title: Option<String>,
    /// The package it made or reads.
    pub package_id: Option<PackageId>,
    /// The group.
    pub group_id: Option<GroupId>,
    /// What it is at: a stable word.
    pub stage: Option<String>,
    /// How far that stage is.
    pub progress: Progress,
    /// How many times it was begun.
    pub attempts: u32,
    /// Its place in the queue while it waits, from 1.
    pub queue_position: Option<u64>,
    /// Somebody asked it to stop.
    pub cancel_requested: bool,
    /// Why it failed.
    pub failure: Option<JobFailure>,
    /// What it found, as data.
    pub result: Option<serde_json::Value>,
    /// Who wanted it.
    pub created_by: Option<UserId>,
    /// When it was wanted.
    pub created_at: Timestamp,
    /// When it was last begun.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// Which jobs to list, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobQuery {
    /// Only in this state.
    pub state: Option<JobState>,
    /// Only of this kind.
    pub kind: Option<JobKind>,
    /// Without those that a later one of the same kind and release has taken up.
    pub unanswered: bool,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// At most so many, 1 to 100; 0 means 50.
    pub limit: u32,
}

/// How far the packing of many is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct BatchProgress {
    /// Packed.
    pub packed: u64,
    /// Not packed, or stopped.
    pub failed: u64,
    /// Waiting or at work.
    pub under_way: u64,
}

impl BatchProgress {
    /// How many there are.
    pub fn all(self) -> u64 {
        self.packed + self.failed + self.under_way
    }
}

/// The use cases of jobs.
#[derive(Debug, Clone, Copy)]
pub struct Jobs<'a> {
    pub(crate) services: &'a Services,
}

impl Jobs<'_> {
    /// Jobs, the newest first.
    ///
    /// # Errors
    /// `Invalid` on `after`.
    pub async fn list(&self, actor: &Actor, query: &JobQuery) -> Result<Page<Job>, Failure> {
        actor.require(Resource::Jobs, Action::Read)?;
        let after = query.after.as_ref().map(|cursor| cursor.0.parse::<JobId>());
        let after = after.transpose().map_err(|_| Failure::invalid("after", "invalid"))?;
        let filter = JobFilter {
            state: query.state.into_iter().collect(),
            kind: query.kind.into_iter().collect(),
            not_followed_by: if query.unanswered { many::FOLLOWS_A_FAILURE.to_vec() } else { Vec::new() },
            visible_to: actor.visible(),
            ..JobFilter::default()
        };
        let store = self.services.store();
        let page = store.jobs().list(&filter, after, page::limit(query.limit)).await?;
        let next = page.next.map(|id| Cursor(id.to_string()));
        Ok(Page { items: self.shown(page.items).await?, next, total: None })
    }

    /// How far the releases are that one has sent to be packed by one request, whose first job this is. What of them is
    /// packed again later, by another request, does not count.
    pub async fn batch(&self, actor: &Actor, first: JobId, request: &str) -> Result<BatchProgress, Failure> {
        actor.require(Resource::Jobs, Action::Read)?;
        let mut progress = BatchProgress::default();
        for (state, number) in self.services.store().jobs().count_packing(actor.user_id, first, request).await? {
            match state {
                JobState::Done | JobState::DoneWithFindings => progress.packed += number,
                JobState::Failed | JobState::Cancelled => progress.failed += number,
                JobState::Queued | JobState::Running => progress.under_way += number,
            }
        }
        Ok(progress)
    }

    /// One job.
    pub async fn lookup(&self, actor: &Actor, id: JobId) -> Result<Job, Failure> {
        actor.require(Resource::Jobs, Action::Read)?;
        let job = self.seen(actor, id).await?;
        let shown = self.shown(vec![job]).await?;
        shown.into_iter().next().ok_or_else(|| Failure::not_found("job"))
    }

    /// The lines of a job's log after the one numbered `after_sequence`; 0 for all. At most 1 000.
    pub async fn log(&self, actor: &Actor, id: JobId, after_sequence: u64) -> Result<Vec<LogLine>, Failure> {
        actor.require(Resource::Jobs, Action::Read)?;
        self.seen(actor, id).await?;
        Ok(self.services.store().jobs().log(id, after_sequence, LINES_AT_ONCE).await?)
    }

    /// Begins a failed or cancelled job anew.
    ///
    /// # Errors
    /// `Conflict` `job-not-ended`, or what keeps the work from being done now (`name-taken`, `package-removed` …).
    pub async fn retry(&self, actor: &Actor, id: JobId) -> Result<(), Failure> {
        actor.require(Resource::Jobs, Action::Modify)?;
        let now = self.services.now();
        let job = self.seen(actor, id).await?;
        if !matches!(job.state, JobState::Failed | JobState::Cancelled) {
            return Err(Failure::conflict("job-not-ended", [("state", job.state.word().to_owned())]));
        }
        let releases = self.services.releases();
        let mut transaction = match (job.kind, job.release_id) {
            (JobKind::Pack, Some(release)) => releases.begin_packing(actor, release).await?,
            (JobKind::Inspect, Some(release)) => releases.begin_inspecting(release).await?,
            (JobKind::Verify, Some(release)) => releases.begin_verifying(release, job.package_id).await?,
            _ => self.services.store().begin_write().await?,
        };
        if !transaction.jobs().retry(id, now).await? {
            return Err(Failure::conflict("job-not-ended", []));
        }
        let change = Change::new(AuditAction::Retried, Resource::Jobs, id, job.kind.word());
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        self.changed(id, job.release_id, JobState::Queued).await;
        self.services.wake_workers().await;
        Ok(())
    }

    /// Asks a job to stop: a queued one is cancelled at once, a running one within a second.
    ///
    /// # Errors
    /// `Conflict` `job-ended`.
    pub async fn cancel(&self, actor: &Actor, id: JobId) -> Result<(), Failure> {
        actor.require(Resource::Jobs, Action::Modify)?;
        let now = self.services.now();
        let release = self.seen(actor, id).await?.release_id;
        let mut transaction = self.services.store().begin_write().await?;
        // The release first, as whoever deletes it or begins the job anew holds them: else each may wait for the other.
        if let Some(release) = release {
            transaction.releases().hold(release).await?;
        }
        let job = transaction.jobs().hold(id).await?.ok_or_else(|| Failure::not_found("job"))?;
        let change = Change::new(AuditAction::Cancelled, Resource::Jobs, id, job.kind.word());
        match transaction.jobs().request_cancel(id, now).await? {
            Cancelled::Gone => return Err(Failure::not_found("job")),
            Cancelled::AlreadyEnded => {
                return Err(Failure::conflict("job-ended", [("state", job.state.word().to_owned())]));
            }
            Cancelled::Requested => {
                self.services.record(&mut transaction, actor, change).await?;
                transaction.commit().await?;
                self.services.stop_jobs().await;
            }
            Cancelled::AtOnce => {
                if let Some(release) = job.release_id {
                    releases::give_up(&mut transaction, job.kind, release, GivenUp::Cancelled, now).await?;
                }
                self.services.record(&mut transaction, actor, change).await?;
                transaction.commit().await?;
                self.changed(id, job.release_id, JobState::Cancelled).await;
            }
        }
        Ok(())
    }

    /// A job that the person sees: their own, and those of releases that they see.
    async fn seen(&self, actor: &Actor, id: JobId) -> Result<store::jobs::Job, Failure> {
        let not_found = || Failure::not_found("job");
        let job = self.services.store().jobs().lookup(id).await?.ok_or_else(not_found)?;
        if actor.all_groups || job.created_by == Some(actor.user_id) {
            return Ok(job);
        }
        let release = job.release_id.ok_or_else(not_found)?;
        let release = self.services.store().releases().lookup(release).await?;
        release.filter(|release| actor.sees(release)).map(|_| job).ok_or_else(not_found)
    }

    /// Tells that a job is in another state, and that its release may be.
    pub(crate) async fn changed(&self, id: JobId, release: Option<ReleaseId>, state: JobState) {
        let event = Event::of(Topic::Job, id).with_state(state.word()).with_release(release);
        self.services.events().tell(event).await;
        if let Some(release) = release {
            self.services.events().tell(Event::of(Topic::Release, release)).await;
        }
    }

    /// Jobs as they are shown: three statements, whatever their number.
    pub(crate) async fn shown(&self, jobs: Vec<store::jobs::Job>) -> Result<Vec<Job>, Failure> {
        let store = self.services.store();
        let waiting: Vec<JobId> = jobs.iter().filter(|job| job.state == JobState::Queued).map(|job| job.id).collect();
        let positions = store.jobs().queue_positions(&waiting).await?;
        let releases: Vec<ReleaseId> = jobs.iter().filter_map(|job| job.release_id).collect();
        let titles = store.releases().titles(&releases).await?;
        let shown = jobs.into_iter().map(|job| Job {
            queue_position: positions.get(&job.id).copied(),
            release_title: job.release_id.and_then(|release| titles.get(&release).cloned()),
            id: job.id,
            kind: job.kind,
            state: job.state,
            release_id: job.release_id,
            package_id: job.package_id,
            group_id: job.group_id,
            stage: Some(job.stage).filter(|stage| !stage.is_empty()),
            progress: Progress { done: job.progress_done, total: job.progress_total },
            attempts: job.attempts,
            cancel_requested: job.cancel_requested,
            failure: job.failure,
            result: job.result,
            created_by: job.created_by,
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        });
        Ok(shown.collect())
    }
}
