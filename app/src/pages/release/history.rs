//! What was done to a release: its jobs with the log of the last one, and the releases that correct one another.

use leptos::prelude::*;
use service::{Action, Job, JobState, LogLine, ReleaseId, Resource, Revision};

use crate::{
    components::{
        icon::{Glyph, Icon},
        mark::{JobMark, ReleaseMark},
        way_on::why,
    },
    model::paths,
    pages::jobs::{log::Log, progress::JobProgress},
    ssr::context::may,
    texts::{texts, time::machine_time},
};

/// The jobs, the newest first, with how far it is and what it says, and the way to who changed what for whoever may read
/// it; nothing where there is neither. The page is kept up to date while a job works.
#[component]
pub fn Jobs(release: ReleaseId, jobs: Vec<Job>, log: Vec<LogLine>) -> impl IntoView {
    let texts = texts();
    let changes = may(Resource::Audit, Action::Read).then(|| {
        let address = paths::audit_of(&release.to_string());
        view! { <p><a href=address><Icon glyph=Glyph::History />{texts.say("history.changes")}</a></p> }
    });
    let newest = jobs.first().cloned();
    let is_of_interest = newest.as_ref().is_some_and(|job| !matches!(job.state, JobState::Done));
    let rows = jobs
        .into_iter()
        .map(|job| {
            let id = job.id.to_string();
            let damage = job.found_damage().then(|| why(texts, &job));
            view! {
                <li class="history__item">
                    <a href=paths::job(&id)>{texts.word("job-kind", job.kind.word())}</a>
                    <JobMark state=job.state damage=job.found_damage() />
                    <time class="soft" datetime=machine_time(job.created_at.0)>{texts.moment(job.created_at.0)}</time>
                    {damage.map(|why| view! { <p>{why}" "<a href=paths::job(&id)>{texts.say("check.which")}</a></p> })}
                </li>
            }
        })
        .collect_view();
    (newest.is_some() || changes.is_some()).then(|| {
        view! {
            <section class="panel" aria-labelledby="jobs-title">
                <h2 id="jobs-title">{texts.say("history.jobs")}</h2>
                {newest.map(|job| view! { <JobProgress job /> })}
                <ul class="history">{rows}</ul>
                {(!log.is_empty()).then(|| view! {
                    <details id="job-log" open=is_of_interest>
                        <summary>{texts.say("history.log")}</summary>
                        <Log log />
                    </details>
                })}
                {changes}
            </section>
        }
    })
}

/// The chain of corrections that a release stands in; nothing where it stands alone.
#[component]
pub fn Revisions(release: ReleaseId, revisions: Vec<Revision>) -> impl IntoView {
    let texts = texts();
    (revisions.len() > 1).then(|| {
        let page = paths::release(&release.to_string());
        let rows = revisions
            .into_iter()
            .rev()
            .map(|revision| {
                let id = revision.id.to_string();
                let is_this = revision.id == release;
                let compare = format!("{}#compare-title", paths::with(&page, "compare", &id));
                let what = texts.say_with("history.compare-with", &[("name", &revision.name)]);
                view! {
                    <li class="revision" aria-current=is_this.then_some("true")>
                        <p class="revision__head">
                            <span class="revision__tag">{revision.tag.unwrap_or_else(|| texts.say("history.first").to_owned())}</span>
                            <ReleaseMark status=revision.status />
                            <time class="soft" datetime=machine_time(revision.at.0)>{texts.moment(revision.at.0)}</time>
                        </p>
                        {if is_this {
                            view! { <p class="release-name">{revision.name}</p> }.into_any()
                        } else {
                            view! {
                                <p><a class="release-name" href=paths::release(&id)>{revision.name}</a></p>
                                <p><a class="button button--small" href=compare aria-label=what><Icon glyph=Glyph::Compare />{texts.say("history.compare")}</a></p>
                            }.into_any()
                        }}
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="panel" aria-labelledby="revisions-title">
                <h2 id="revisions-title">{texts.say("history.revisions")}</h2>
                <ol class="revisions">{rows}</ol>
            </section>
        }
    })
}
