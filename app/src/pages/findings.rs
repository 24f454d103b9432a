//! Every code that a finding can have, by family, each with the way to its page. What is looked for stands in the address.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{frame::Frame, page_head::PageHead, prose::Prose},
    model::paths,
    ssr::explanation::{self, Entry},
    texts::{Texts, texts},
};

/// The index.
#[component]
pub fn FindingsPage() -> impl IntoView {
    let texts = texts();
    let search = use_query_map().get_untracked().get("q").unwrap_or_default();
    let families = explanation::index(&search, texts);
    let count = families.iter().map(|(_, entries)| entries.len() as u64).sum();
    let links = families
        .iter()
        .map(|(family, _)| view! { <li><a href=format!("#{family}")><code>{family.clone()}</code></a></li> })
        .collect_view();
    let is_empty = families.is_empty();
    let sections =
        families.into_iter().map(|(family, entries)| view! { <Family texts family entries /> }).collect_view();
    view! {
        <Frame title=texts.say("finding.index").to_owned()>
            <div class="narrow stack">
                <PageHead title=texts.say("finding.index") lead=texts.say("finding.index-lead") />
                <form class="filter" method="get" action=paths::FINDINGS role="search">
                    <div class="field">
                        <label for="finding-search">{texts.say("finding.search")}</label>
                        <input type="search" id="finding-search" name="q" value=search autocomplete="off" />
                    </div>
                    <button class="button" type="submit">{texts.say("releases.apply")}</button>
                </form>
                <p class="soft" role="status">{texts.count("finding.count", count)}</p>
                {is_empty.then(|| view! {
                    <p>{texts.say("finding.none")}" "<a href=paths::FINDINGS>{texts.say("releases.clear")}</a></p>
                })}
                <nav aria-label=texts.say("finding.families")><ul class="families">{links}</ul></nav>
                {sections}
            </div>
        </Frame>
    }
    .into_any()
}

/// The codes that begin alike.
#[component]
fn Family(texts: Texts, family: String, entries: Vec<Entry>) -> impl IntoView {
    let rows = entries
        .into_iter()
        .map(|entry| {
            view! {
                <li class="code-entry">
                    <a href=paths::finding(entry.code)><code>{entry.code}</code></a>
                    <span><Prose text=entry.what /></span>
                </li>
            }
        })
        .collect_view();
    let title = texts.word("finding-family", &family.to_ascii_lowercase());
    view! {
        <section class="panel" aria-labelledby=family.clone()>
            <h2 id=family.clone()><code>{family.clone()}</code>" "{title}</h2>
            <ul class="code-entries">{rows}</ul>
        </section>
    }
}
