//! The list of releases: search, filters and order in the address, one page at a time.

pub mod deletion;
pub mod filter;
pub mod form;
pub mod list;
pub mod row;
pub mod saved;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use service::{Action, Group, Page, ReleaseSummary, Resource, SavedView, Total};

use self::{
    deletion::DeleteChosen,
    filter::Filter,
    form::{FilterForm, Looks},
    list::List,
    saved::SavedViews,
};
use crate::{
    components::{
        form::{Done, FormError, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
    },
    error::AppError,
    islands::Catalogue,
    model::paths,
    ssr::{chosen, context::may_make, convert::convert, guard},
    texts::{Texts, texts},
};

/// What the page shows.
struct Found {
    releases: Page<ReleaseSummary>,
    /// What one can narrow the list to; nothing for whoever sees no groups.
    groups: Vec<Group>,
    views: Vec<SavedView>,
    /// Those that somebody asked to delete, to be told by name first.
    to_delete: Vec<ReleaseSummary>,
}

/// Every release that one may see.
#[component]
pub fn ReleasesPage() -> impl IntoView {
    let filter = Filter::from_query(&use_query_map().get_untracked());
    let (wanted, delete) = (filter.clone(), use_query_map().get_untracked().get("delete").unwrap_or_default());
    loaded(found(wanted, delete), move |found| page(&filter, found))
}

async fn found(filter: Filter, delete: String) -> Result<Found, AppError> {
    let (actor, services) = guard::signed_in()?;
    let groups = if actor.may(Resource::Groups, Action::Read) {
        services.groups().list(&actor).await.map_err(convert)?
    } else {
        Vec::new()
    };
    Ok(Found {
        releases: services.releases().list(&actor, &filter.to_release_query()).await.map_err(convert)?,
        groups,
        views: services.views().list(&actor).await.map_err(convert)?,
        to_delete: chosen::to_delete(&services, &actor, &delete).await?,
    })
}

fn page(filter: &Filter, found: Found) -> AnyView {
    let texts = texts();
    let Found { releases, groups, views, to_delete } = found;
    let back = filter.address(filter.after.as_deref());
    let next = releases.next.as_ref().map(|cursor| filter.address(Some(&cursor.0)));
    let first = filter.after.is_some().then(|| filter.address(None));
    let list = if releases.items.is_empty() {
        empty(texts, filter)
    } else {
        view! { <List texts filter=filter.clone() releases=releases.items /> }.into_any()
    };
    let acted = returned_error("/api/app/releases-act");
    let export = filter.export_address();
    let filter = filter.clone();
    view! {
        <Frame title=texts.say("releases.title").to_owned() topics="release">
            <div class="page-head">
                <div>
                    <h1>{texts.say("releases.title")}</h1>
                    <p id="releases-count" data-live role="status">{releases.total.map(|total| counted(texts, total))}</p>
                </div>
                {may_make().then(|| view! {
                    <a class="button button--primary" href=paths::NEW><Icon glyph=Glyph::Plus />{texts.say("releases.new")}</a>
                })}
            </div>
            <Done />
            <FormError error=acted />
            <DeleteChosen releases=to_delete back />
            <FilterForm texts filter=filter.clone() groups />
            <div class="catalogue-tools">
                <SavedViews texts filter=filter.clone() views />
                <div id="releases-tools" class="catalogue-tools__right" data-live>
                    <Looks texts filter=filter.clone() />
                    <a href=export download="releases.csv"><Icon glyph=Glyph::Download />{texts.say("releases.export")}</a>
                </div>
            </div>
            <div id="releases" data-live="">{list}</div>
            <nav id="releases-pages" class="pages" data-live aria-label=texts.say("releases.pages")>
                {first.map(|address| view! { <a class="button" href=address>{texts.say("releases.first")}</a> })}
                {next.map(|address| view! {
                    <a class="button pages__next" rel="next" href=address>{texts.say("releases.next")}<Icon glyph=Glyph::Next /></a>
                })}
            </nav>
            <Catalogue />
        </Frame>
    }
    .into_any()
}

fn counted(texts: Texts, total: Total) -> String {
    match total {
        Total::Exactly(count) => texts.count("releases.count", count),
        Total::MoreThan(count) => texts.say_with("releases.more-than", &[("count", &texts.number(count))]),
    }
}

fn empty(texts: Texts, filter: &Filter) -> AnyView {
    let (title, text, next) = if filter.is_narrow() || filter.after.is_some() {
        (
            texts.say("releases.none-found"),
            texts.say("releases.none-found-text"),
            Some((paths::RELEASES, texts.say("releases.clear"))),
        )
    } else {
        let new = may_make().then(|| (paths::NEW, texts.say("releases.new")));
        (texts.say("releases.none"), texts.say("releases.none-text"), new)
    };
    view! {
        <div class="empty">
            <Icon glyph=Glyph::Book />
            <h2>{title}</h2>
            <p class="lead">{text}</p>
            {next.map(|(address, label)| view! { <a class="button button--primary" href=address>{label}</a> })}
        </div>
    }
    .into_any()
}
