//! The list of jobs, the newest first.

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use service::{Cursor, Job, JobKind, JobQuery, JobState, Page};

use super::progress::JobProgress;
use crate::{
    components::{
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
        mark::JobMark,
        page_head::{PageHead, Paging},
        select::Select,
        way_on::why,
    },
    error::AppError,
    model::paths,
    ssr::{convert::convert, guard},
    texts::{Texts, texts, time::machine_time},
};

/// Jobs on one page.
const PAGE: u32 = 50;

/// Every job that one may see.
#[component]
pub fn JobsPage() -> impl IntoView {
    let query = from_query(&use_query_map().get_untracked());
    loaded(found(query.clone()), move |jobs| page(&query, jobs))
}

async fn found(query: JobQuery) -> Result<Page<Job>, AppError> {
    let (actor, services) = guard::signed_in()?;
    services.jobs().list(&actor, &query).await.map_err(convert)
}

/// A value that nobody knows is left out.
fn from_query(query: &ParamsMap) -> JobQuery {
    JobQuery {
        state: query.get_str("state").and_then(|word| word.parse().ok()),
        kind: query.get_str("kind").and_then(|word| word.parse().ok()),
        after: query.get("after").map(Cursor),
        limit: PAGE,
        ..JobQuery::default()
    }
}

fn address(query: &JobQuery, after: Option<&Cursor>) -> String {
    let mut params = ParamsMap::new();
    let parts = [
        ("state", query.state.map(|state| state.word().to_owned())),
        ("kind", query.kind.map(|kind| kind.word().to_owned())),
        ("after", after.map(|cursor| cursor.0.clone())),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            params.insert(name, value);
        }
    }
    format!("{}{}", paths::JOBS, params.to_query_string())
}

fn page(query: &JobQuery, jobs: Page<Job>) -> AnyView {
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
    let (state, kind) =
        (query.state.map(|state| state.word().to_owned()), query.kind.map(|kind| kind.word().to_owned()));
    view! {
        <Frame title=texts.say("jobs.title").to_owned() topics="job">
            <PageHead title=texts.say("jobs.title") id="jobs-title" />
            <form class="filter" method="get" action=paths::JOBS>
                <Select name="state" label=texts.say("jobs.state") all=texts.say("jobs.any-state") options=states chosen=state />
                <Select name="kind" label=texts.say("jobs.kind") all=texts.say("jobs.any-kind") options=kinds chosen=kind />
                <button class="button" type="submit">{texts.say("releases.apply")}</button>
            </form>
            <div id="jobs" data-live="">{list}</div>
            <Paging first next />
        </Frame>
    }
    .into_any()
}

fn table(texts: Texts, jobs: Vec<Job>) -> AnyView {
    let rows = jobs.into_iter().map(|job| view! { <JobRow job /> }).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="jobs-title">
            <table class="jobs">
                <thead>
                    <tr>
                        <th scope="col">{texts.say("jobs.job")}</th>
                        <th scope="col">{texts.say("jobs.state")}</th>
                        <th scope="col">{texts.say("jobs.progress")}</th>
                        <th scope="col">{texts.say("jobs.created")}</th>
                        <th scope="col" class="number">{texts.say("jobs.took")}</th>
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
    view! {
        <tr data-row="">
            <th scope="row">
                <a class="jobs__title" id=format!("row-{id}") href=paths::job(&id) data-open="">{texts.word("job-kind", job.kind.word())}</a>
                {job.release_title.clone().map(|title| view! { <p class="soft">{title}</p> })}
            </th>
            <td><JobMark state=job.state /></td>
            <td>{why}<JobProgress job=job.clone() /></td>
            <td><time datetime=machine_time(job.created_at.0)>{texts.moment(job.created_at.0)}</time></td>
            <td class="number">{took}</td>
        </tr>
    }
}
