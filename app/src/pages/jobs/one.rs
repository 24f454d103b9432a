//! One job: where it stands, what it says, and what can be done about it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use service::{Action, Job, JobId, JobState, LogLine, Resource};

use super::{
    check::{Damage, said},
    log::Log,
    progress::JobProgress,
};
use crate::{
    components::{
        form::{FormError, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
        mark::JobMark,
        way_on::{Cancel, WayOn, can_cancel, why},
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
    loaded(found(id), page)
}

/// What the page shows.
struct Shown {
    job: Job,
    log: Vec<LogLine>,
    /// Whether the house still keeps the book, where the job found a package damaged; unknown for whoever does not see
    /// releases.
    is_book_kept: Option<bool>,
}

async fn found(id: String) -> Result<Shown, AppError> {
    let (actor, services) = guard::signed_in()?;
    let id: JobId = guard::id(&id, "job")?;
    let job = services.jobs().lookup(&actor, id).await.map_err(convert)?;
    let log = services.jobs().log(&actor, id, 0).await.map_err(convert)?;
    let is_book_kept = match job.release_id.filter(|_| job.found_damage()) {
        Some(release) => {
            let release = services.releases().lookup(&actor, release).await.ok();
            release.map(|release| release.book.source_removed_at.is_none())
        }
        None => None,
    };
    Ok(Shown { job, log, is_book_kept })
}

fn page(Shown { job, log, is_book_kept }: Shown) -> AnyView {
    let texts = texts();
    let id = job.id.to_string();
    let error = ["/api/app/retry-job", "/api/app/cancel-job", "/api/app/verify"].into_iter().find_map(returned_error);
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
                    <JobMark state=job.state damage=job.found_damage() />
                    <h1>{title}</h1>
                    {release}
                </div>
                <Outcome texts job=job.clone() />
                {job.found_damage().then(|| view! { <Found texts job=job.clone() is_book_kept /> })}
                <JobProgress job=job.clone() />
                <Actions job=job.clone() />
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
        JobState::Done => ("good", Glyph::Good, all_good(texts, &job)),
        JobState::DoneWithFindings if job.found_damage() => {
            ("wrong", Glyph::Wrong, why(texts, &job).unwrap_or_default())
        }
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

/// What a job did of which all went well.
fn all_good(texts: Texts, job: &Job) -> String {
    match job.package_check().filter(|check| check.bytes > 0) {
        Some(check) => {
            let files = texts.count_with("check.good", check.files, &[("size", &texts.size(check.bytes))]);
            let volumes =
                check.volumes.map(|volumes| texts.labelled(&texts.say("check.volumes"), &said(texts, &volumes)));
            [Some(files), volumes].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        None => texts.word("outcome", job.kind.word()).to_owned(),
    }
}

/// What is damaged, and what can be done about it.
#[component]
fn Found(texts: Texts, job: Job, is_book_kept: Option<bool>) -> impl IntoView {
    let next = match is_book_kept {
        Some(true) => texts.say("check.next-kept"),
        Some(false) => texts.say("check.next-gone"),
        None => texts.say("check.next"),
    };
    let release = job.release_id.map(|release| release.to_string());
    let again = release.clone().filter(|_| may(Resource::Jobs, Action::Write)).map(|release| {
        view! {
            <form action="/api/app/verify" method="post">
                <input type="hidden" name="release" value=release />
                <button class="button" type="submit"><Icon glyph=Glyph::Verify />{texts.say("check.again")}</button>
            </form>
        }
    });
    let to_release = release.filter(|_| is_book_kept.is_some()).map(|release| {
        view! { <a class="button" href=paths::release(&release)><Icon glyph=Glyph::Package />{texts.say("check.release")}</a> }
    });
    view! {
        <p>{next}</p>
        <div class="button-row">{again}{to_release}</div>
        {job.package_check().map(|check| view! { <Damage check /> })}
    }
}

#[component]
fn Actions(job: Job) -> impl IntoView {
    view! {
        {can_cancel(&job).then(|| view! { <Cancel job=job.id.to_string() /> })}
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
