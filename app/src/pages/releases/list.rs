//! The list, drawn as rows, as a table or as covers, and the form for those that are chosen in it.

use leptos::prelude::*;
use service::{Action, ReleaseSummary, Resource, Sort, Status};

use super::{
    filter::{Filter, Look},
    row::Row,
};
use crate::{
    components::{cover::Cover, mark::ReleaseMark},
    model::paths,
    ssr::context::may,
    texts::{Texts, texts, time::machine_time},
};

#[component]
pub fn List(texts: Texts, filter: Filter, releases: Vec<ReleaseSummary>) -> impl IntoView {
    let density = filter.compact.then_some("compact");
    let drawn = match filter.look {
        Look::List => {
            let rows = releases.into_iter().map(|release| view! { <Row release /> }).collect_view();
            view! { <ol class="releases" data-density=density>{rows}</ol> }.into_any()
        }
        Look::Table => view! { <Table texts filter=filter.clone() density releases /> }.into_any(),
        Look::Covers => {
            let covers = releases.into_iter().map(|release| view! { <CoverCard release /> }).collect_view();
            view! { <ol class="shelf" data-density=density>{covers}</ol> }.into_any()
        }
    };
    let jobs = may(Resource::Jobs, Action::Write);
    let packs = jobs && may(Resource::Releases, Action::Modify);
    let act = |shown: bool, action: &'static str, label: &'static str| {
        shown.then(|| view! {
            <button type="submit" class="button button--small" name="form[action]" value=action>{texts.say(label)}</button>
        })
    };
    view! {
        <form class="chosen" method="post" action="/api/app/releases-act">
            <input type="hidden" name="form[back]" value=filter.address(filter.after.as_deref()) />
            <label class="check chosen__all needs-script">
                <input type="checkbox" id="choose-all" data-all />{texts.say("releases.choose-all")}
            </label>
            {drawn}
            <div class="chosen__bar">
                <span data-chosen data-text=texts.say("releases.chosen-count") role="status">{texts.say("releases.for-chosen")}</span>
                {act(packs, "pack", "releases.pack-chosen")}
                {act(jobs, "verify", "releases.verify-chosen")}
                {act(true, "csv", "releases.csv-chosen")}
                {act(may(Resource::Releases, Action::Delete), "delete", "releases.delete-chosen")}
            </div>
        </form>
    }
}

/// The box that chooses a release.
#[component]
pub fn Choose(release: ReleaseSummary) -> impl IntoView {
    let label = texts().say_with("review.choose", &[("title", &release.title)]);
    let id = release.id.to_string();
    view! {
        <input type="checkbox" class="choose" name="form[releases][]" id=format!("choose-{id}") value=id aria-label=label />
    }
}

/// Where a release opens: a draft where it is worked on, for whoever may.
pub(in crate::pages) fn opens(release: &ReleaseSummary) -> String {
    let id = release.id.to_string();
    if release.status == Status::Draft && may(Resource::Releases, Action::Modify) {
        paths::review(&id)
    } else {
        paths::release(&id)
    }
}

#[component]
fn Table(texts: Texts, filter: Filter, density: Option<&'static str>, releases: Vec<ReleaseSummary>) -> impl IntoView {
    let heads = ["authors", "language", "year", "group", "rights"]
        .map(|word| view! { <th scope="col" role="columnheader">{texts.word("field", word)}</th> })
        .into_iter()
        .collect_view();
    let rows = releases.into_iter().map(|release| view! { <TableRow texts release /> }).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label=texts.say("releases.title")>
            // As cards it stays a table for a screen reader: every browser goes by the roles.
            <table class="catalogue cards" role="table" data-density=density>
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader"><span class="unseen">{texts.say("releases.for-chosen")}</span></th>
                        <OrderHead filter=filter.clone() sort=Sort::Title label=texts.word("field", "title") />
                        {heads}
                        <th scope="col" role="columnheader">{texts.say("releases.format")}</th>
                        <th scope="col" role="columnheader" class="number">{texts.say("releases.size")}</th>
                        <th scope="col" role="columnheader">{texts.say("releases.status")}</th>
                        <OrderHead filter sort=Sort::Updated label=texts.say("releases.changed") />
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

/// The head of a column that the list can be ordered by: its link orders it, and turns the direction once it is.
#[component]
fn OrderHead(filter: Filter, sort: Sort, label: &'static str) -> impl IntoView {
    let direction = if filter.is_descending() { "descending" } else { "ascending" };
    let is_present = filter.is_in(sort);
    view! {
        <th scope="col" role="columnheader" aria-sort=is_present.then_some(direction)>
            <a class="order" href=filter.ordered(sort)>{label}</a>
        </th>
    }
}

#[component]
fn TableRow(texts: Texts, release: ReleaseSummary) -> impl IntoView {
    let address = opens(&release);
    let id = format!("row-{}", release.id);
    view! {
        <tr data-row="" role="row">
            <td role="cell"><Choose release=release.clone() /></td>
            <th scope="row" role="rowheader"><a id=id href=address data-open="">{release.title.clone()}</a></th>
            <td role="cell">{Some(release.authors.clone()).filter(|authors| !authors.is_empty())}</td>
            <td role="cell">{release.language.clone()}</td>
            <td role="cell" class="number">{release.year.map(|year| year.to_string())}</td>
            <td role="cell">{release.group.as_ref().map(|group| group.tag.to_string())}</td>
            <td role="cell">{release.rights_basis.as_ref().map(|basis| texts.rights(basis))}</td>
            <td role="cell">{release.format.map(|format| format.to_string())}</td>
            <td role="cell" class="number">{texts.size(release.size)}</td>
            <td role="cell"><ReleaseMark status=release.status withdrawn=release.withdrawn_at.is_some() /></td>
            <td role="cell"><time datetime=machine_time(release.updated_at.0)>{texts.day(release.updated_at.0)}</time></td>
        </tr>
    }
}

#[component]
fn CoverCard(release: ReleaseSummary) -> impl IntoView {
    let address = opens(&release);
    let id = release.id.to_string();
    view! {
        <li class="shelf__book" data-row="">
            <Choose release=release.clone() />
            <Cover release=id.clone() has_cover=release.has_cover />
            <a class="release-row__title" id=format!("row-{id}") href=address data-open="">{release.title}</a>
            {(!release.authors.is_empty()).then(|| view! { <p class="soft">{release.authors}</p> })}
            <ReleaseMark status=release.status withdrawn=release.withdrawn_at.is_some() />
        </li>
    }
}
