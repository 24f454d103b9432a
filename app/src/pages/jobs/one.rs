//! One job: where it stands, what it says, and what can be done about it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use service::{Action, Job, JobId, JobState, LogLine, Resource};

use super::{log::Log, progress::JobProgress};
use crate::{
    components::{
        form::{FormError, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
        mark::JobMark,
        way_on::{WayOn, why},
    },
    error::AppError,
    model::paths,
    ssr::{context::may, convert::convert, guard},
    texts::{Texts, is_refusal, texts, time::machine_time},
};

/// The page of a job.
#[component]
pub fn JobPage() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    loaded(found(id), |(job, log)| page(job, log))
}

async fn found(id: String) -> Result<(Job, Vec<LogLine>), AppError> {
    let (actor, services) = guard::signed_in()?;
    let id: JobId = guard::id(&id, "job")?;
    let job = services.jobs().lookup(&actor, id).await.map_err(convert)?;
    let log = services.jobs().log(&actor, id, 0).await.map_err(convert)?;
    Ok((job, log))
}

fn page(job: Job, log: Vec<LogLine>) -> AnyView {
    let texts = texts();
    let id = job.id.to_string();
    let error = ["/api/app/retry-job", "/api/app/cancel-job"].into_iter().find_map(returned_error);
    let title = texts.word("job-kind", job.kind.word());
    let release = job.release_id.map(|release| {
        let name = job.release_title.clone().unwrap_or_else(|| texts.say("jobs.release").to_owned());
        view! { <p class="job-head__release"><a href=paths::release(&release.to_string())>{name}</a></p> }
    });
    view! {
        <Frame title=title.to_owned() topics=format!("job:{id}")>
            <FormError error />
            <div id="job" data-live="" class="stack narrow">
                <div class="job-head">
                    <JobMark state=job.state />
                    <h1>{title}</h1>
                    {release}
                </div>
                <Outcome texts job=job.clone() />
                <JobProgress job=job.clone() />
                <Actions texts job=job.clone() />
                <Facts texts job />
                {(!log.is_empty()).then(|| view! {
                    <section aria-labelledby="log-title"><h2 id="log-title">{texts.say("jobs.log")}</h2><Log log /></section>
                })}
            </div>
        </Frame>
    }
    .into_any()
}

/// How it ended, in one sentence. Green only when all of it went well.
#[component]
fn Outcome(texts: Texts, job: Job) -> impl IntoView {
    let (tone, glyph, text) = match job.state {
        JobState::Queued | JobState::Running => return None,
        JobState::Done => ("good", Glyph::Good, texts.word("outcome", job.kind.word()).to_owned()),
        JobState::DoneWithFindings => ("notice", Glyph::Notice, texts.say("jobs.with-findings").to_owned()),
        JobState::Failed | JobState::Cancelled => {
            let is_refused = job.failure.as_ref().is_some_and(|failure| is_refusal(&failure.code));
            let is_wrong = job.state == JobState::Failed && !is_refused;
            let (tone, glyph) = if is_wrong { ("wrong", Glyph::Failed) } else { ("refused", Glyph::Refused) };
            (tone, glyph, why(texts, &job).unwrap_or_default())
        }
    };
    let incident = job.failure.and_then(|failure| failure.incident);
    Some(view! {
        <div class=format!("alert alert--{tone}")>
            <Icon glyph />
            <div>
                <p>{text}</p>
                {incident.map(|incident| view! { <p>{texts.say("jobs.incident")}" "<code>{incident}</code></p> })}
            </div>
        </div>
    })
}

#[component]
fn Actions(texts: Texts, job: Job) -> impl IntoView {
    let is_under_way = matches!(job.state, JobState::Queued | JobState::Running);
    let cancel = (is_under_way && !job.cancel_requested && may(Resource::Jobs, Action::Modify)).then(|| {
        view! {
            <form action="/api/app/cancel-job" method="post">
                <input type="hidden" name="job" value=job.id.to_string() />
                <button class="button" type="submit"><Icon glyph=Glyph::Close />{texts.say("jobs.cancel")}</button>
            </form>
        }
    });
    view! {
        {cancel}
        <WayOn job />
    }
}

#[component]
fn Facts(texts: Texts, job: Job) -> impl IntoView {
    let moment = |label: &'static str, at: Option<service::Timestamp>| {
        at.map(|at| view! { <dt>{label}</dt><dd><time datetime=machine_time(at.0)>{texts.moment(at.0)}</time></dd> })
    };
    let took = job.started_at.zip(job.finished_at).map(|(start, end)| texts.duration(end.0 - start.0));
    view! {
        <dl class="facts">
            {moment(texts.say("jobs.created"), Some(job.created_at))}
            {moment(texts.say("jobs.started"), job.started_at)}
            {moment(texts.say("jobs.finished"), job.finished_at)}
            {took.map(|took| view! { <dt>{texts.say("jobs.took")}</dt><dd>{took}</dd> })}
            {(job.attempts > 1).then(|| view! { <dt>{texts.say("jobs.attempts")}</dt><dd>{job.attempts}</dd> })}
        </dl>
    }
}
