//! What was done to a release: its jobs and its packages.

use leptos::prelude::*;
use service::{Job, PackageSummary};

use crate::{
    components::mark::JobMark,
    model::paths,
    texts::{texts, time::machine_time},
};

/// Jobs and packages, the newest first.
#[component]
pub fn History(jobs: Vec<Job>, packages: Vec<PackageSummary>) -> impl IntoView {
    let texts = texts();
    let jobs = jobs
        .into_iter()
        .map(|job| {
            let id = job.id.to_string();
            view! {
                <li class="history__item">
                    <a href=paths::job(&id)>{texts.word("job-kind", job.kind.word())}</a>
                    <JobMark state=job.state />
                    <time class="soft" datetime=machine_time(job.created_at.0)>{texts.moment(job.created_at.0)}</time>
                </li>
            }
        })
        .collect_view();
    let packages = (packages.len() > 1).then(|| {
        let items = packages
            .into_iter()
            .map(|package| {
                let revision = texts.say_with("history.revision", &[("revision", &package.revision)]);
                view! {
                    <li class="history__item">
                        <a href=paths::archive(&package.id.to_string()) download="">{revision}</a>
                        <span>{texts.size(package.size)}</span>
                        <time class="soft" datetime=machine_time(package.created_at.0)>{texts.moment(package.created_at.0)}</time>
                    </li>
                }
            })
            .collect_view();
        view! { <h3>{texts.say("history.packages")}</h3><ul class="history">{items}</ul> }
    });
    view! {
        <section class="panel" aria-labelledby="history-title">
            <h2 id="history-title">{texts.say("history.title")}</h2>
            <ul class="history">{jobs}</ul>
            {packages}
        </section>
    }
}
