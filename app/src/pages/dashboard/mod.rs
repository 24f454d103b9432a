//! The first page: what needs me, what happened, and what it all comes to.

pub mod charts;
pub mod first_run;
pub mod needs;

use leptos::prelude::*;
use service::{
    Action, Actor, InboxEntry, InboxQuery, InboxState, Job, JobQuery, JobState, Overview, ReleaseQuery, ReleaseSummary,
    Resource, Services, Sort, Status,
};

use self::{charts::Charts, first_run::FirstRun, needs::Needs};
use crate::{
    components::{
        form::{FormError, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
        mark::JobMark,
    },
    error::AppError,
    model::paths,
    pages::inbox::decides,
    ssr::{context::may_make, convert::convert, guard},
    texts::{Texts, texts, time::machine_time},
};

/// Lines of each list: the page shows all of them at once.
const LINES: u32 = 6;

/// What the page shows.
struct Day {
    actor: Actor,
    overview: Overview,
    /// One's own drafts, the last changed first.
    drafts: Vec<ReleaseSummary>,
    /// Books that contributors sent in and nobody has decided on; none for whoever does not decide.
    waiting: Vec<InboxEntry>,
    /// Checks that found a package damaged; none for whoever sees no jobs.
    damaged: Vec<Job>,
    /// Jobs that failed and that no later one has made good; none for whoever sees no jobs.
    failed: Vec<Job>,
    /// The newest jobs, for whoever sees jobs.
    jobs: Option<Vec<Job>>,
}

/// The page without a path.
#[component]
pub fn DashboardPage() -> impl IntoView {
    loaded(found(), page)
}

async fn found() -> Result<Day, AppError> {
    let (actor, services) = guard::signed_in()?;
    let drafts = ReleaseQuery {
        status: vec![Status::Draft],
        mine: true,
        sort: Sort::Updated,
        limit: LINES,
        ..ReleaseQuery::default()
    };
    let failed = JobQuery { state: Some(JobState::Failed), unanswered: true, limit: LINES, ..JobQuery::default() };
    let newest = JobQuery { limit: LINES, ..JobQuery::default() };
    Ok(Day {
        overview: services.releases().overview(&actor).await.map_err(convert)?,
        drafts: services.releases().list(&actor, &drafts).await.map_err(convert)?.items,
        waiting: waiting(&services, &actor).await?,
        damaged: damaged(&services, &actor).await?,
        failed: jobs(&services, &actor, &failed).await?.unwrap_or_default(),
        jobs: jobs(&services, &actor, &newest).await?,
        actor,
    })
}

/// Books of the inbox that wait, for whoever takes them over or declines them.
async fn waiting(services: &Services, actor: &Actor) -> Result<Vec<InboxEntry>, AppError> {
    if !decides(actor) {
        return Ok(Vec::new());
    }
    let query = InboxQuery { state: Some(InboxState::Waiting), limit: LINES, ..InboxQuery::default() };
    Ok(services.inbox().list(actor, &query).await.map_err(convert)?.items)
}

/// Checks that found a package damaged, for whoever sees jobs.
async fn damaged(services: &Services, actor: &Actor) -> Result<Vec<Job>, AppError> {
    if !actor.may(Resource::Jobs, Action::Read) {
        return Ok(Vec::new());
    }
    services.jobs().damage(actor, LINES).await.map_err(convert)
}

/// Jobs, for whoever sees any.
async fn jobs(services: &Services, actor: &Actor, query: &JobQuery) -> Result<Option<Vec<Job>>, AppError> {
    if !actor.may(Resource::Jobs, Action::Read) {
        return Ok(None);
    }
    Ok(Some(services.jobs().list(actor, query).await.map_err(convert)?.items))
}

fn page(day: Day) -> AnyView {
    let texts = texts();
    let title = texts.say_with("dashboard.hello", &[("name", &day.actor.display_name)]);
    let is_first = day.overview.is_empty;
    view! {
        <Frame title=texts.say("dashboard.title").to_owned() topics="release job">
            <div class="page-head">
                <h1>{title}</h1>
                {may_make().then(|| view! {
                    <a class="button button--primary" href=paths::NEW><Icon glyph=Glyph::Plus />{texts.say("releases.new")}</a>
                })}
            </div>
            <FormError error=returned_error("/api/app/retry-job") />
            <div id="dashboard" data-live>
                {if is_first {
                    view! { <FirstRun texts /> }.into_any()
                } else {
                    view! {
                        <div class="dashboard">
                            <Needs overview=day.overview.clone() drafts=day.drafts waiting=day.waiting failed=day.failed damaged=day.damaged />
                            {day.jobs.map(|jobs| view! { <Happened texts jobs /> })}
                            <Charts overview=day.overview />
                        </div>
                    }
                    .into_any()
                }}
            </div>
        </Frame>
    }
    .into_any()
}

#[component]
fn Happened(texts: Texts, jobs: Vec<Job>) -> impl IntoView {
    let rows = jobs
        .into_iter()
        .map(|job| {
            view! {
                <li class="happened" data-row>
                    <JobMark state=job.state damage=job.found_damage() />
                    <a data-open href=paths::job(&job.id.to_string())>{texts.word("job-kind", job.kind.word())}</a>
                    <span class="happened__of">{job.release_title}</span>
                    <time class="soft" datetime=machine_time(job.created_at.0)>{texts.moment(job.created_at.0)}</time>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="panel">
            <div class="panel__head">
                <h2>{texts.say("dashboard.happened")}</h2>
                <a href=paths::JOBS>{texts.say("dashboard.all-jobs")}</a>
            </div>
            <ul class="lines">{rows}</ul>
        </section>
    }
}
