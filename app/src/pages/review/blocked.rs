//! The books of the batch that have their group and their rights and cannot be packed as they are, each with what keeps it.

use leptos::prelude::*;
use service::{ReleaseSummary, Standing};

use crate::{
    model::paths,
    texts::{Texts, texts},
};

/// Those that are listed; the others come up as these are put right.
const LISTED: usize = 20;

#[component]
pub fn Blocked(standings: Vec<Standing>, releases: Vec<ReleaseSummary>) -> impl IntoView {
    let say = texts();
    let blocked: Vec<Standing> = standings.into_iter().filter(|one| !one.is_ready()).collect();
    let count = blocked.len();
    let more = count.saturating_sub(LISTED) as u64;
    let listed = (count > 0).then(|| {
        let rows = blocked
            .into_iter()
            .take(LISTED)
            .map(|standing| {
                let title = releases.iter().find(|release| release.id == standing.release);
                let title = title.map(|release| release.title.clone()).unwrap_or_default();
                let address = paths::review(&standing.release.to_string());
                view! { <li><a href=address>{title}</a>": "{why(say, standing)}</li> }
            })
            .collect_view();
        view! {
            <details id="blocked">
                <summary>{say.count("review.blocked", count as u64)}</summary>
                <ul class="to-do">{rows}</ul>
                {(more > 0).then(|| view! { <p class="soft">{say.count("error.more-left-out", more)}</p> })}
            </details>
        }
    });
    view! { <div id="batch-blocked" data-live>{listed}</div> }
}

/// What keeps one, a finding by its code and its sentence.
fn why(say: Texts, Standing { blocking, problems, .. }: Standing) -> String {
    let findings = blocking.iter().map(|finding| format!("{} {}", finding.code, say.finding(finding)));
    findings.chain(problems.into_iter().map(|problem| say.problem(problem))).collect::<Vec<_>>().join(" ")
}
