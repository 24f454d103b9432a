//! One release in the list.

use leptos::prelude::*;
use service::ReleaseSummary;

use super::list::{Choose, opens};
use crate::{
    components::{cover::Cover, mark::ReleaseMark},
    texts::{texts, time::machine_time},
};

/// A row: the book first, its release name below, its state at the end. A draft opens where it is worked on.
#[component]
pub fn Row(release: ReleaseSummary) -> impl IntoView {
    let texts = texts();
    let id = release.id.to_string();
    let address = opens(&release);
    let facts: Vec<String> = [
        release.format.map(|format| format.to_string()),
        release.year.map(|year| year.to_string()),
        release.language.clone(),
        release.group.as_ref().map(|group| group.tag.to_string()),
        Some(texts.size(release.size)),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <li class="release-row" data-row="">
            <Choose release=release.clone() />
            <Cover release=id has_cover=release.has_cover thumb=true />
            <div class="release-row__book">
                <a class="release-row__title" id=format!("row-{}", release.id) href=address data-open="">{release.title}</a>
                {(!release.authors.is_empty()).then(|| view! { <p class="release-row__authors">{release.authors}</p> })}
                {release.name.map(|name| view! { <p class="release-name">{name}</p> })}
            </div>
            <p class="release-row__facts">{facts.join(" · ")}</p>
            <div class="release-row__state">
                <ReleaseMark status=release.status withdrawn=release.withdrawn_at.is_some() />
                <time class="soft" datetime=machine_time(release.updated_at.0)>{texts.day(release.updated_at.0)}</time>
            </div>
        </li>
    }
}
