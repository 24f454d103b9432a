//! The list of releases: search, filters and order in the address, one page at a time.

mod filter;
pub mod row;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use service::{Group, Page, ReleaseSummary, Sort, Status};

use self::{filter::Filter, row::Row};
use crate::{
    components::{
        form::Done,
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
        select::Select,
    },
    error::AppError,
    model::paths,
    ssr::{convert::convert, guard},
    texts::{Texts, texts},
};

/// Every release that one may see.
#[component]
pub fn ReleasesPage() -> impl IntoView {
    let filter = Filter::from_query(&use_query_map().get_untracked());
    let wanted = filter.clone();
    loaded(found(wanted), move |(releases, groups)| page(&filter, releases, groups))
}

async fn found(filter: Filter) -> Result<(Page<ReleaseSummary>, Vec<Group>), AppError> {
    let (actor, services) = guard::signed_in()?;
    let releases = services.releases().list(&actor, &filter.to_release_query()).await.map_err(convert)?;
    let groups = services.groups().list(&actor).await.map_err(convert)?;
    Ok((releases, groups))
}

fn page(filter: &Filter, releases: Page<ReleaseSummary>, groups: Vec<Group>) -> AnyView {
    let texts = texts();
    let next = releases.next.as_ref().map(|cursor| filter.address(Some(&cursor.0)));
    let first = filter.after.is_some().then(|| filter.address(None));
    let list = if releases.items.is_empty() {
        empty(texts, filter)
    } else {
        let rows = releases.items.into_iter().map(|release| view! { <Row release /> }).collect_view();
        view! { <ol class="releases">{rows}</ol> }.into_any()
    };
    let filter = filter.clone();
    view! {
        <Frame title=texts.say("releases.title").to_owned() topics="release">
            <div class="page-head">
                <div>
                    <h1>{texts.say("releases.title")}</h1>
                    {releases.total.map(|total| view! { <p>{texts.count("releases.count", total)}</p> })}
                </div>
                <a class="button button--primary" href=paths::NEW><Icon glyph=Glyph::Plus />{texts.say("releases.new")}</a>
            </div>
            <Done />
            <FilterForm texts filter groups />
            <div id="releases" data-live="">{list}</div>
            <nav class="pages" aria-label=texts.say("releases.pages")>
                {first.map(|address| view! { <a class="button" href=address>{texts.say("releases.first")}</a> })}
                {next.map(|address| view! {
                    <a class="button pages__next" rel="next" href=address>{texts.say("releases.next")}<Icon glyph=Glyph::Next /></a>
                })}
            </nav>
        </Frame>
    }
    .into_any()
}

#[component]
fn FilterForm(texts: Texts, filter: Filter, groups: Vec<Group>) -> impl IntoView {
    let statuses = Status::ALL
        .iter()
        .map(|status| (status.word().to_owned(), texts.word("status", status.word()).to_owned()))
        .collect();
    let groups: Vec<(String, String)> =
        groups.into_iter().map(|group| (group.id.to_string(), group.tag.to_string())).collect();
    let orders =
        Sort::ALL.iter().map(|sort| (sort.word().to_owned(), texts.word("sort", sort.word()).to_owned())).collect();
    let is_narrow = filter.is_narrow();
    view! {
        <form class="filter" method="get" action=paths::RELEASES role="search">
            <div class="filter__search">
                <Icon glyph=Glyph::Search />
                <label class="unseen" for="search">{texts.say("releases.search")}</label>
                <input
                    id="search"
                    type="search"
                    name="q"
                    value=filter.search.clone()
                    placeholder=texts.say("releases.search")
                    maxlength="200"
                    data-search=""
                />
            </div>
            <Select name="status" label=texts.say("releases.status") all=texts.say("releases.any-status") options=statuses chosen=filter.status.map(|status| status.word().to_owned()) />
            {(groups.len() > 1).then(|| view! {
                <Select name="group" label=texts.say("releases.group") all=texts.say("releases.any-group") options=groups chosen=filter.group.map(|group| group.to_string()) />
            })}
            <Select name="sort" label=texts.say("releases.sort") options=orders chosen=Some(filter.sort.word().to_owned()) />
            <label class="check"><input type="checkbox" name="mine" value="1" checked=filter.mine />{texts.say("releases.mine")}</label>
            <button class="button" type="submit">{texts.say("releases.apply")}</button>
            {is_narrow.then(|| view! { <a href=paths::RELEASES>{texts.say("releases.clear")}</a> })}
        </form>
    }
}

fn empty(texts: Texts, filter: &Filter) -> AnyView {
    let (title, text, address, label) = if filter.is_narrow() || filter.after.is_some() {
        (
            texts.say("releases.none-found"),
            texts.say("releases.none-found-text"),
            paths::RELEASES,
            texts.say("releases.clear"),
        )
    } else {
        (texts.say("releases.none"), texts.say("releases.none-text"), paths::NEW, texts.say("releases.new"))
    };
    view! {
        <div class="empty">
            <Icon glyph=Glyph::Book />
            <h2>{title}</h2>
            <p class="lead">{text}</p>
            <a class="button button--primary" href=address>{label}</a>
        </div>
    }
    .into_any()
}
