//! The way on from a job that failed or was stopped.

use leptos::prelude::*;
use service::{Action, Job, JobKind, JobState, Resource};

use super::icon::{Glyph, Icon};
use crate::{
    model::paths,
    ssr::context::{may, may_make},
    texts::{Texts, is_refusal, texts},
};

/// What helps, as far as who asks may do it: the work begun anew, the review where something is to be changed first, or
/// another file where the book itself is refused. Nothing where the job did not fail.
#[component]
pub fn WayOn(
    /// The job.
    job: Job,
) -> impl IntoView {
    let texts = texts();
    let helps = helps(job.state, job.kind, job.failure.as_ref().map(|failure| failure.code.as_str()));
    let again = (helps.again && may(Resource::Jobs, Action::Modify)).then(|| {
        view! { <BeginAnew job=job.id.to_string() /> }
    });
    let review = job.release_id.filter(|_| helps.review && may(Resource::Releases, Action::Modify)).map(|release| {
        let address = paths::review(&release.to_string());
        view! { <a class="button" href=address><Icon glyph=Glyph::Edit />{texts.say("release.review")}</a> }
    });
    let another = (helps.another && may_make()).then(|| {
        view! { <a class="button" href=paths::NEW><Icon glyph=Glyph::Plus />{texts.say("jobs.another")}</a> }
    });
    let is_there = again.is_some() || review.is_some() || another.is_some();
    is_there.then(|| view! { <div class="button-row">{again}{review}{another}</div> })
}

/// Has the work of a job done once more; comes back to the page that it stands on.
#[component]
pub fn BeginAnew(
    /// The job's id.
    job: String,
) -> impl IntoView {
    view! {
        <form action="/api/app/retry-job" method="post">
            <input type="hidden" name="job" value=job />
            <button class="button" type="submit"><Icon glyph=Glyph::Again />{texts().say("jobs.retry")}</button>
        </form>
    }
}

/// Why a job came to no good end, in a sentence; nothing where it did, or has not ended.
pub fn why(texts: Texts, job: &Job) -> Option<String> {
    match (job.state, &job.failure) {
        (JobState::Failed, Some(failure)) => Some(texts.failure(failure)),
        (JobState::Failed, None) => Some(texts.word("job-failure", "other").to_owned()),
        (JobState::Cancelled, _) => Some(texts.say("jobs.cancelled").to_owned()),
        _ => None,
    }
}

/// The newest job that came to no good end.
pub fn unfinished(jobs: &[Job]) -> Option<&Job> {
    jobs.iter().find(|job| matches!(job.state, JobState::Failed | JobState::Cancelled))
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Helps {
    again: bool,
    review: bool,
    another: bool,
}

fn helps(state: JobState, kind: JobKind, code: Option<&str>) -> Helps {
    if !matches!(state, JobState::Failed | JobState::Cancelled) {
        return Helps::default();
    }
    // A refused book is gone, and no other try would take it.
    if code.is_some_and(is_refusal) {
        return Helps { another: true, ..Helps::default() };
    }
    Helps { again: true, review: kind == JobKind::Pack, another: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_try_can_mend_is_not_begun_anew() {
        let again = Helps { again: true, ..Helps::default() };
        for code in ["protected", "unknown-format", "unsupported-format", "licence-ticket"] {
            let refused = helps(JobState::Failed, JobKind::Inspect, Some(code));
            assert_eq!(refused, Helps { another: true, ..Helps::default() }, "{code}");
        }
        assert_eq!(helps(JobState::Failed, JobKind::Inspect, Some("storage-failed")), again);
        assert_eq!(helps(JobState::Cancelled, JobKind::Verify, None), again);
        let packing = helps(JobState::Failed, JobKind::Pack, Some("name-changed"));
        assert_eq!(packing, Helps { again: true, review: true, another: false });
        assert_eq!(helps(JobState::Running, JobKind::Pack, None), Helps::default());
    }
}
