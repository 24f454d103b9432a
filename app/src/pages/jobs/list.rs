//! The list of jobs, the newest first.

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use service::{Action, Cursor, Job, JobKind, JobQuery, JobState, ManyJobs, Page, Resource};

use super::{many::Many, progress::JobProgress};
use crate::{
    components::{
        form::{FormError, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
        mark::JobMark,
        page_head::{PageHead, Paging},
        select::Select,
        way_on::{BeginAnew, Cancel, can_begin_anew, can_cancel, why},
    },
    error::AppError,
    model::paths,
    ssr::{convert::convert, guard, jobs},
    texts::{Texts, texts, time::machine_time},
};

/// Jobs on one page.
const PAGE: u32 = 50;

/// What can be asked of the list.
const DOORS: [&str; 4] = ["/api/app/retry-job", "/api/app/cancel-job", "/api/app/retry-jobs", "/api/app/cancel-jobs"];

/// Every job that one may see.
#[component]
pub fn JobsPage() -> impl IntoView {
    let query = from_query(&use_query_map().get_untracked());
    loaded(found(query.clone()), move |(jobs, many)| page(&query, jobs, many))
}

async fn found(query: JobQuery) -> Result<(Page<Job>, ManyJobs), AppError> {
    let (actor, services) = guard::signed_in()?;
    let jobs = services.jobs().list(&actor, &query).await.map_err(convert)?;
    // Whoever may do nothing with them need not know with how many.
    let many = if actor.may(Resource::Jobs, Action::Modify) {
        services.jobs().many(&actor, &query).await.map_err(convert)?
    } else {
        ManyJobs::default()
    };
    Ok((jobs, many))
}

/// A value that nobody knows is left out.
fn from_query(query: &ParamsMap) -> JobQuery {
    let word = |name| query.get(name).unwrap_or_default();
    JobQuery { after: query.get("after").map(Cursor), limit: PAGE, ..jobs::query(&word("state"), &word("kind")) }
}

fn address(query: &JobQuery, after: Option<&Cursor>) -> String {
    let address = jobs::address(query);
    after.map_or_else(|| address.clone(), |cursor| paths::with(&address, "after", &cursor.0))
}

/// How many jobs were begun anew or stopped at once, by the address that one was led back to.
#[component]
fn DoneWithMany(texts: Texts) -> impl IntoView {
    let query = use_query_map().get_untracked();
    let number = |name| query.get_str(name).and_then(|number| number.parse().ok());
    let begun = number("begun").map(|number| texts.count("jobs.begun", number));
    begun.or_else(|| number("stopped").map(|number| texts.count("jobs.stopped", number))).map(|said| {
        view! { <div class="alert alert--good" role="status"><Icon glyph=Glyph::Good /><p>{said}</p></div> }
    })
}

fn page(query: &JobQuery, jobs: Page<Job>, many: ManyJobs) -> AnyView {
    let texts = texts();
    let next = jobs.next.as_ref().map(|cursor| address(query, Some(cursor)));
    let first = query.after.is_some().then(|| address(query, None));
    let list = if jobs.items.is_empty() {
        view! {
            <div class="empty">
                <Icon glyph=Glyph::Jobs />
                <h2>{texts.say("jobs.none")}</h2>
                <p class="lead">{texts.say("jobs.none-text")}</p>
            </div>
        }
        .into_any()
    } else {
        table(texts, jobs.items)
    };
    let states = JobState::ALL
        .iter()
        .map(|state| (state.word().to_owned(), texts.word("job-state", state.word()).to_owned()))
        .collect();
    let kinds = JobKind::ALL
        .iter()
        .map(|kind| (kind.word().to_owned(), texts.word("job-kind", kind.word()).to_owned()))
        .collect();
    let shown = query.clone();
    let (state, kind) =
        (query.state.map(|state| state.word().to_owned()), query.kind.map(|kind| kind.word().to_owned()));
    view! {
        <Frame title=texts.say("jobs.title").to_owned() topics="job">
            <PageHead title=texts.say("jobs.title") id="jobs-title" />
            <DoneWithMany texts />
            <FormError error=DOORS.into_iter().find_map(returned_error) />
            <form class="filter" method="get" action=paths::JOBS>
                <Select name="state" label=texts.say("jobs.state") all=texts.say("jobs.any-state") options=states chosen=state />
                <Select name="kind" label=texts.say("jobs.kind") all=texts.say("jobs.any-kind") options=kinds chosen=kind />
                <button class="button" type="submit">{texts.say("releases.apply")}</button>
            </form>
            <div id="jobs" data-live=""><Many query=shown many />{list}</div>
            <Paging first next />
        </Frame>
    }
    .into_any()
}

fn table(texts: Texts, jobs: Vec<Job>) -> AnyView {
    let rows = jobs.into_iter().map(|job| view! { <JobRow job /> }).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="jobs-title">
            <table class="cards">
                <thead>
                    <tr>
                        <th scope="col">{texts.say("jobs.job")}</th>
                        <th scope="col">{texts.say("jobs.state")}</th>
                        <th scope="col">{texts.say("jobs.progress")}</th>
                        <th scope="col">{texts.say("jobs.created")}</th>
                        <th scope="col" class="number">{texts.say("jobs.took")}</th>
                        <th scope="col"><span class="unseen">{texts.say("jobs.actions")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn JobRow(job: Job) -> impl IntoView {
    let texts = texts();
    let id = job.id.to_string();
    let took = job.started_at.zip(job.finished_at).map(|(start, end)| texts.duration(end.0 - start.0));
    let why = why(texts, &job).map(|why| view! { <p class="soft">{why}</p> });
    let kind = texts.word("job-kind", job.kind.word());
    let of = job.release_title.as_ref().map_or_else(|| kind.to_owned(), |title| format!("{kind}, {title}"));
    let again = can_begin_anew(&job).then(|| view! { <BeginAnew job=id.clone() of=of.clone() /> });
    let cancel = can_cancel(&job).then(|| view! { <Cancel job=id.clone() of /> });
    view! {
        <tr data-row="">
            <th scope="row">
                <a class="jobs__title" id=format!("row-{id}") href=paths::job(&id) data-open="">{kind}</a>
                {job.release_title.clone().map(|title| view! { <p class="soft">{title}</p> })}
            </th>
            <td><JobMark state=job.state damage=job.found_damage() /></td>
            <td>{why}<JobProgress job=job.clone() /></td>
            <td><time datetime=machine_time(job.created_at.0)>{texts.moment(job.created_at.0)}</time></td>
            <td class="number" data-label=texts.say("jobs.took")>{took}</td>
            <td>{again}{cancel}</td>
        </tr>
    }
}
