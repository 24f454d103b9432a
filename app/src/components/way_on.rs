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
    let again = can_begin_anew(&job).then(|| view! { <BeginAnew job=job.id.to_string() /> });
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
    /// What the job is, where its button is one of many: it stands in a row, and is small.
    #[prop(optional, into)]
    of: Option<String>,
) -> impl IntoView {
    let (id, look) = (of.as_ref().map(|_| format!("again-{job}")), look(of.is_some()));
    let said = texts().say("jobs.retry");
    let name = of.map(|of| texts().labelled(&said, &of));
    view! {
        <form action="/api/app/retry-job" method="post">
            <input type="hidden" name="job" value=job />
            <button class=look type="submit" id=id aria-label=name><Icon glyph=Glyph::Again />{said}</button>
        </form>
    }
}

/// Has a job stopped that waits or works; comes back to the page that it stands on.
#[component]
pub fn Cancel(
    /// The job's id.
    job: String,
    /// What the job is, where its button is one of many: it stands in a row, and is small.
    #[prop(optional, into)]
    of: Option<String>,
) -> impl IntoView {
    let (id, look) = (of.as_ref().map(|_| format!("cancel-{job}")), look(of.is_some()));
    let said = texts().say("jobs.cancel");
    let name = of.map(|of| texts().labelled(&said, &of));
    view! {
        <form action="/api/app/cancel-job" method="post">
            <input type="hidden" name="job" value=job />
            <button class=look type="submit" id=id aria-label=name><Icon glyph=Glyph::Close />{said}</button>
        </form>
    }
}

fn look(small: bool) -> &'static str {
    if small { "button button--small" } else { "button" }
}

/// True for a job that who asks may begin anew.
pub fn can_begin_anew(job: &Job) -> bool {
    let code = job.failure.as_ref().map(|failure| failure.code.as_str());
    helps(job.state, job.kind, code).again && may(Resource::Jobs, Action::Modify)
}

/// True for a job that who asks may stop.
pub fn can_cancel(job: &Job) -> bool {
    let is_under_way = matches!(job.state, JobState::Queued | JobState::Running);
    is_under_way && !job.cancel_requested && may(Resource::Jobs, Action::Modify)
}

/// Why a job came to no good end, in a sentence; nothing where it did, or has not ended.
pub fn why(texts: Texts, job: &Job) -> Option<String> {
    match (job.state, &job.failure) {
        (JobState::DoneWithFindings, _) if job.found_damage() => Some(damage(texts, job)),
        (JobState::Failed, Some(failure)) => Some(texts.failure(failure)),
        (JobState::Failed, None) => Some(texts.word("job-failure", "other").to_owned()),
        (JobState::Cancelled, _) => Some(texts.say("jobs.cancelled").to_owned()),
        _ => None,
    }
}

/// How much of a package is not as it was made.
fn damage(texts: Texts, job: &Job) -> String {
    match job.package_check() {
        Some(check) if check.wrong_files() > 0 => {
            texts.count_with("check.damage", check.wrong_files(), &[("files", &texts.number(check.files))])
        }
        Some(_) => texts.say("check.volumes-damage").to_owned(),
        None => texts.say("check.some-damage").to_owned(),
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
