//! One attempt at a job: the work, and beside it who renews the lease, tells the progress and hears of a cancellation.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use packer::watch::Watch;
use store::{
    ReleaseId, StoreError, Transaction,
    jobs::{Heartbeat, Job, JobFailure, JobKind, Lease, LogLevel, Outcome},
};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::{
    fault::Fault,
    inspect,
    lines::Lines,
    pack, verify,
    watch::{JobWatch, Stop, StopOnDrop},
};
use crate::{
    events::{Event, Topic},
    failure::Failure,
    jobs::{JobState, Progress},
    releases::{self, GivenUp},
    services::Services,
};

/// How often a job is put off whose disk or network fails: with the pauses below, for about four hours.
const MOST_PUT_OFFS: u32 = 50;
/// How often a worker may die with a job: beyond it is the job that ends them.
const MOST_TAKEOVERS: u32 = 5;
/// Before the second attempt; before each further one four times as long as before, and at most the other.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// In how many attempts a job says which files it works on: one that is put off for hours would say the same each time.
const SPEAKING_ATTEMPTS: u32 = 3;
/// Files that are named in the log of an attempt: a package may have a hundred volumes.
pub(super) const MOST_NAMED: usize = 20;
/// Up to this part of a pause is added to it by chance: what failed together is not tried again all at once.
const SPREAD: f64 = 0.25;

/// How often the watcher looks: four times a second a person is told how far it is.
const TICK: Duration = Duration::from_millis(250);
/// In how many of those it looks whether another node cancelled: twice a second. This node's is heard at once.
const CANCEL_TICKS: u64 = 2;
/// In how many of those the database is told how far it is: once a second.
const PROGRESS_TICKS: u64 = 4;

/// One attempt at a job.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) services: Services,
    pub(super) job: Job,
    pub(super) watch: Arc<JobWatch>,
    lease: Lease,
    lines: Lines,
}

impl Attempt {
    pub(super) fn new(services: Services, job: Job, lease: Lease) -> Self {
        Self { lines: Lines::new(job.id), services, job, watch: Arc::default(), lease }
    }

    /// Does the work and stores what came of it. Fails only when that cannot be stored; then the lease runs out and
    /// another attempt is made.
    pub(super) async fn run(self, shutdown: &CancellationToken) -> Result<(), Failure> {
        let _stop = StopOnDrop(Arc::clone(&self.watch));
        self.say(LogLevel::Info, "job-started", [("attempt", self.job.attempts.to_string())]);
        self.lines.store(self.services.store()).await;
        self.services.jobs().changed(self.job.id, self.job.release_id, JobState::Running).await;
        let ended = tokio::select! {
            ended = self.work() => ended,
            never = self.watch_over(shutdown) => match never {},
        };
        match ended {
            Ok(state) => {
                self.services.jobs().changed(self.job.id, self.job.release_id, state).await;
                Ok(())
            }
            Err(fault) => self.store(fault).await,
        }
    }

    async fn work(&self) -> Result<JobState, Fault> {
        if self.job.takeovers > MOST_TAKEOVERS {
            return Err(Fault::ended("attempts-exhausted"));
        }
        if self.job.cancel_requested {
            self.watch.stop(Stop::Cancelled);
        }
        // A book that is refused already loses its bytes all the same: `inspect` looks whether it is to stop once it knows.
        if self.job.kind != JobKind::Inspect {
            self.check()?;
        }
        match self.job.kind {
            // What was read of a book is large; it belongs on the heap.
            JobKind::Inspect => Box::pin(inspect::inspect(self)).await,
            JobKind::Pack => pack::pack(self).await,
            JobKind::Verify => verify::verify(self).await,
        }
    }

    /// The release that the job works on.
    pub(super) fn release(&self) -> Result<ReleaseId, Fault> {
        self.job.release_id.ok_or(Fault::Lost)
    }

    /// Runs the packer on a blocking thread.
    pub(super) async fn block<T: Send + 'static>(
        &self,
        work: impl FnOnce(&JobWatch) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let watch = Arc::clone(&self.watch);
        tokio::task::spawn_blocking(move || work(&watch)).await.map_err(Fault::internal)
    }

    /// Stops here when the job is to stop.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.watch.is_cancelled() { Err(Fault::Stopped) } else { Ok(()) }
    }

    /// Ends the job in the transaction that stores what came of it, and commits both.
    pub(super) async fn finish(&self, mut transaction: Transaction, outcome: &Outcome) -> Result<JobState, Fault> {
        let now = self.services.now();
        if !transaction.jobs().finish(&self.lease, outcome, now).await? {
            return Err(Fault::Lost);
        }
        self.end_log(&mut transaction, outcome).await?;
        transaction.commit().await?;
        self.lines.are_stored();
        Ok(outcome.state())
    }

    /// What waits to be stored, and how it ended.
    async fn end_log(&self, transaction: &mut Transaction, outcome: &Outcome) -> Result<(), StoreError> {
        self.lines.append_to(transaction).await?;
        let state = outcome.state();
        let (level, code) = match (self.job.kind, state) {
            (JobKind::Verify, JobState::DoneWithFindings) => (LogLevel::Error, "job-done-with-damage".to_owned()),
            _ => (LogLevel::Info, format!("job-{}", state.word())),
        };
        let now = self.services.now();
        transaction.jobs().append_log(self.job.id, now, level, &code, &BTreeMap::new()).await.map(drop)
    }

    /// Stores why the attempt came to nothing, and leads the release back where it was.
    async fn store(&self, fault: Fault) -> Result<(), Failure> {
        let why = match fault {
            Fault::Lost => return Ok(()),
            Fault::Stopped => match self.watch.stopped() {
                Some(Stop::Lost) | None => return Ok(()),
                // The lease is given back for another worker.
                Some(Stop::Shutdown) => {
                    self.lines.store(self.services.store()).await;
                    return Ok(());
                }
                Some(Stop::Cancelled) => return self.end(&Outcome::Cancelled, GivenUp::Cancelled).await,
            },
            Fault::Transient { code, source } if self.job.put_offs < MOST_PUT_OFFS => {
                return self.put_off(code, source.as_ref()).await;
            }
            Fault::Transient { code, source } => self.failure(code, BTreeMap::new(), Some(source.as_ref())),
            Fault::Final { code, data } => self.failure(code, data, None),
            Fault::Internal(source) => self.failure("internal", BTreeMap::new(), Some(source.as_ref())),
        };
        let code = why.code.clone();
        self.lines.add(self.services.now(), LogLevel::Error, &code, why.data.clone());
        self.end(&Outcome::Failed(why), GivenUp::Failed(&code)).await
    }

    async fn end(&self, outcome: &Outcome, why: GivenUp<'_>) -> Result<(), Failure> {
        let now = self.services.now();
        let mut transaction = self.services.store().begin_write().await?;
        // The release first, as everybody holds them who changes both.
        if let Some(release) = self.job.release_id {
            transaction.releases().hold(release).await?;
        }
        if !transaction.jobs().finish(&self.lease, outcome, now).await? {
            return Ok(());
        }
        self.end_log(&mut transaction, outcome).await?;
        if let Some(release) = self.job.release_id {
            releases::give_up(&mut transaction, self.job.kind, release, why, now).await?;
        }
        transaction.commit().await?;
        self.lines.are_stored();
        self.services.jobs().changed(self.job.id, self.job.release_id, outcome.state()).await;
        Ok(())
    }

    async fn put_off(&self, code: &'static str, source: &(dyn Error + Send + Sync)) -> Result<(), Failure> {
        let failure = self.failure(code, BTreeMap::new(), Some(source));
        let delay = pause(self.job.put_offs).mul_f64(1.0 + SPREAD * rand::random::<f64>());
        let mut transaction = self.services.store().begin_write().await?;
        let after = self.services.now().after(delay);
        if !transaction.jobs().retry_later(&self.lease, after, &failure).await? {
            return Ok(());
        }
        self.say(LogLevel::Warning, code, []);
        self.say(LogLevel::Warning, "job-put-off", [("seconds", delay.as_secs().to_string())]);
        self.lines.append_to(&mut transaction).await?;
        transaction.commit().await?;
        self.lines.are_stored();
        self.services.jobs().changed(self.job.id, self.job.release_id, JobState::Queued).await;
        Ok(())
    }

    /// A failure with, where something unforeseen is behind it, an incident that the log tells more of.
    fn failure(
        &self,
        code: &'static str,
        data: BTreeMap<String, String>,
        source: Option<&(dyn Error + Send + Sync)>,
    ) -> JobFailure {
        let incident = source.map(|source| {
            let incident = format!("{:08x}", rand::random::<u32>());
            let mut chain = source.to_string();
            let mut cause = source.source();
            while let Some(error) = cause {
                chain = format!("{chain}: {error}");
                cause = error.source();
            }
            tracing::error!(job = %self.job.id, incident, code, chain, "an attempt at a job failed");
            incident
        });
        JobFailure { code: code.to_owned(), data, incident }
    }

    /// Begins a stage: says what it is about, and stores what was said so far.
    pub(super) async fn begin<const N: usize>(&self, stage: &'static str, total: u64, facts: [(&str, String); N]) {
        self.watch.begin(stage, total);
        self.say(LogLevel::Info, stage, facts);
        self.lines.store(self.services.store()).await;
    }

    /// Notes a line of the log. It is stored with the next that is stored.
    pub(super) fn say<const N: usize>(&self, level: LogLevel, code: &str, facts: [(&str, String); N]) {
        let data = facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.lines.add(self.services.now(), level, code, data);
    }

    /// Stores what was said, where somebody has waited for it long enough.
    pub(super) async fn store_what_is_due(&self) {
        if self.lines.are_due() {
            self.lines.store(self.services.store()).await;
        }
    }

    /// True while it says which files it works on.
    pub(super) fn names_files(&self) -> bool {
        self.job.attempts <= SPEAKING_ATTEMPTS
    }

    /// Renews the lease, tells the progress, hears of a cancellation.
    async fn watch_over(&self, shutdown: &CancellationToken) -> Infallible {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut told, mut stored) = (("", Progress::default()), ("", Progress::default()));
        let mut renewed = Instant::now();
        let mut cancellations = self.services.inner.cancellations.subscribe();
        let mut tick = 0_u64;
        loop {
            let look = tokio::select! {
                _ = ticks.tick() => {
                    tick += 1;
                    tick.is_multiple_of(CANCEL_TICKS)
                }
                heard = cancellations.changed() => heard.is_ok(),
                () = shutdown.cancelled(), if self.watch.stopped().is_none() => {
                    self.watch.stop(Stop::Shutdown);
                    false
                }
            };
            if look {
                self.look_for_cancellation().await;
            }
            let seen = self.watch.seen();
            if seen != told {
                self.tell(seen).await;
                told = seen;
            }
            let jobs = self.services.store().jobs();
            if tick.is_multiple_of(PROGRESS_TICKS) && seen != stored {
                let (stage, Progress { done, total }) = seen;
                self.lost_if(jobs.progress(&self.lease, stage, done, total).await.is_ok_and(|held| !held));
                stored = seen;
            }
            if renewed.elapsed() > self.services.settings().lease / 3 {
                let until = self.services.now().after(self.services.settings().lease);
                let beat = self.services.store().jobs().heartbeat(&self.lease, until).await;
                self.lost_if(matches!(beat, Ok(Heartbeat::Lost)));
                renewed = Instant::now();
            }
        }
    }

    async fn look_for_cancellation(&self) {
        match self.services.store().jobs().lookup(self.job.id).await {
            Ok(None) => self.watch.stop(Stop::Lost),
            Ok(Some(job)) if job.cancel_requested => self.watch.stop(Stop::Cancelled),
            // What the database does not answer now it may answer at the next look.
            Ok(Some(_)) | Err(_) => {}
        }
    }

    fn lost_if(&self, lost: bool) {
        if lost {
            self.watch.stop(Stop::Lost);
        }
    }

    async fn tell(&self, (stage, progress): (&'static str, Progress)) {
        let mut event = Event::of(Topic::Job, self.job.id).with_state(JobState::Running.word());
        event.stage = Some(stage.to_owned());
        event.progress = Some(progress);
        self.services.events().tell(event.with_release(self.job.release_id)).await;
    }
}

/// How long a job waits that was put off so often before.
fn pause(put_offs: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(4_u32.saturating_pow(put_offs)).min(LONGEST_PAUSE)
}
