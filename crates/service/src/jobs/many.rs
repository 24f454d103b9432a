//! Many jobs at once: all that a list shows begun anew, or stopped.

use store::{
    JobId, ReleaseId,
    jobs::{JobFilter, JobState},
};

use super::{Job, JobKind, JobQuery, Jobs, REFUSALS};
use crate::{
    actor::Actor,
    failure::Failure,
    permissions::{Action, Resource},
};

/// Jobs that are begun anew or stopped at once. The rest takes another time: each is a piece of work of its own.
pub const MOST_AT_ONCE: u32 = 200;

/// What came of each of many jobs, and the release that it works on.
pub type Outcomes = Vec<(JobId, Option<ReleaseId>, Result<(), Failure>)>;

/// How many jobs of a list could be begun anew or stopped at once. One more than [`MOST_AT_ONCE`] stands for more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ManyJobs {
    /// Failed ones that another try may mend and that no later one has taken up.
    pub failed: u64,
    /// Those that wait or run.
    pub under_way: u64,
}

/// A package that a check found damaged stays so until another check of it has come to its end.
const SUCCEEDED: [JobState; 2] = [JobState::Done, JobState::DoneWithFindings];

/// Whatever became of it: the later try is the one to look at, unless it was stopped.
pub(super) const FOLLOWS_A_FAILURE: [JobState; 5] =
    [JobState::Queued, JobState::Running, JobState::Done, JobState::DoneWithFindings, JobState::Failed];

impl Jobs<'_> {
    /// How many jobs of a list could be begun anew or stopped at once.
    pub async fn many(&self, actor: &Actor, query: &JobQuery) -> Result<ManyJobs, Failure> {
        actor.require(Resource::Jobs, Action::Read)?;
        let mut many = ManyJobs::default();
        if let Some(filter) = failed(actor, query) {
            many.failed = self.services.store().jobs().count(&filter, MOST_AT_ONCE + 1).await?;
        }
        if let Some(filter) = under_way(actor, query) {
            many.under_way = self.services.store().jobs().count(&filter, MOST_AT_ONCE + 1).await?;
        }
        Ok(many)
    }

    /// Begins the failed jobs of a list anew, at most [`MOST_AT_ONCE`] and the newest of them, those that have waited
    /// longest first. Each may be refused as when it is begun anew alone.
    pub async fn retry_all(&self, actor: &Actor, query: &JobQuery) -> Result<Outcomes, Failure> {
        actor.require(Resource::Jobs, Action::Modify)?;
        let mut outcomes = Vec::new();
        for (job, release) in self.of(failed(actor, query)).await?.into_iter().rev() {
            outcomes.push((job, release, self.retry(actor, job).await));
        }
        Ok(outcomes)
    }

    /// Stops the jobs of a list that wait or run, at most [`MOST_AT_ONCE`] and the newest of them: what came last goes
    /// first, so that none is begun while others are stopped.
    pub async fn cancel_all(&self, actor: &Actor, query: &JobQuery) -> Result<Outcomes, Failure> {
        actor.require(Resource::Jobs, Action::Modify)?;
        let mut outcomes = Vec::new();
        for (job, release) in self.of(under_way(actor, query)).await? {
            outcomes.push((job, release, self.cancel(actor, job).await));
        }
        Ok(outcomes)
    }

    async fn of(&self, filter: Option<JobFilter>) -> Result<Vec<(JobId, Option<ReleaseId>)>, Failure> {
        let Some(filter) = filter else { return Ok(Vec::new()) };
        let page = self.services.store().jobs().list(&filter, None, MOST_AT_ONCE).await?;
        Ok(page.items.into_iter().map(|job| (job.id, job.release_id)).collect())
    }

    /// Checks that found a package damaged, that no later one of its release has replaced, of packages that are still
    /// kept. The newest first, at most so many.
    pub async fn damage(&self, actor: &Actor, limit: u32) -> Result<Vec<Job>, Failure> {
        actor.require(Resource::Jobs, Action::Read)?;
        let filter = JobFilter {
            state: vec![JobState::DoneWithFindings],
            kind: vec![JobKind::Verify],
            not_followed_by: SUCCEEDED.to_vec(),
            package_is_kept: true,
            visible_to: actor.visible(),
            ..JobFilter::default()
        };
        let page = self.services.store().jobs().list(&filter, None, limit).await?;
        self.shown(page.items).await
    }
}

/// The failed jobs of a list; nothing where it shows none.
fn failed(actor: &Actor, query: &JobQuery) -> Option<JobFilter> {
    query.state.is_none_or(|state| state == JobState::Failed).then(|| JobFilter {
        state: vec![JobState::Failed],
        kind: query.kind.into_iter().collect(),
        not_followed_by: FOLLOWS_A_FAILURE.to_vec(),
        // What lies in the book itself no other try mends.
        not_failed_with: REFUSALS.to_vec(),
        visible_to: actor.visible(),
        ..JobFilter::default()
    })
}

/// The jobs of a list that wait or run; nothing where it shows none.
fn under_way(actor: &Actor, query: &JobQuery) -> Option<JobFilter> {
    let state: Vec<JobState> = match query.state {
        None => vec![JobState::Queued, JobState::Running],
        Some(state) if state.is_ended() => return None,
        Some(state) => vec![state],
    };
    Some(JobFilter {
        state,
        kind: query.kind.into_iter().collect(),
        not_stopping: true,
        visible_to: actor.visible(),
        ..JobFilter::default()
    })
}
