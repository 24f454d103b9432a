//! The list, drawn as rows, as a table or as covers, and the form for those that are chosen in it.

use leptos::prelude::*;
use service::{Action, ReleaseSummary, Resource, Status};

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
        Look::Table => view! { <Table texts density releases /> }.into_any(),
        Look::Covers => {
            let covers = releases.into_iter().map(|release| view! { <CoverCard release /> }).collect_view();
            view! { <ol class="shelf" data-density=density>{covers}</ol> }.into_any()
        }
    };
    view! {
        <form class="chosen" method="post" action="/api/app/releases-act">
            <input type="hidden" name="form[back]" value=filter.address(filter.after.as_deref()) />
            {drawn}
            {may(Resource::Jobs, Action::Write).then(|| view! {
                <div class="chosen__bar">
                    <span>{texts.say("releases.for-chosen")}</span>
                    <button type="submit" class="button button--small" name="form[action]" value="verify">{texts.say("releases.verify-chosen")}</button>
                </div>
            })}
        </form>
    }
}

/// The box that chooses a release.
#[component]
pub fn Choose(release: ReleaseSummary) -> impl IntoView {
    let label = texts().say_with("review.choose", &[("title", &release.title)]);
    let id = release.id.to_string();
    view! {
        <input type="checkbox" class="choose" name="form[releases][]" id=format!("choose-{id}") value=id aria-label=label
            disabled=release.status != Status::Packed || !may(Resource::Jobs, Action::Write) />
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
fn Table(texts: Texts, density: Option<&'static str>, releases: Vec<ReleaseSummary>) -> impl IntoView {
    let heads = ["title", "authors", "language", "year", "group", "rights"]
        .map(|word| view! { <th scope="col">{texts.word("field", word)}</th> })
        .into_iter()
        .collect_view();
    let rows = releases.into_iter().map(|release| view! { <TableRow texts release /> }).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label=texts.say("releases.title")>
            <table class="catalogue" data-density=density>
                <thead>
                    <tr>
                        <th scope="col"><span class="unseen">{texts.say("releases.for-chosen")}</span></th>
                        {heads}
                        <th scope="col">{texts.say("releases.format")}</th>
                        <th scope="col" class="number">{texts.say("releases.size")}</th>
                        <th scope="col">{texts.say("releases.status")}</th>
                        <th scope="col">{texts.say("releases.changed")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn TableRow(texts: Texts, release: ReleaseSummary) -> impl IntoView {
    let address = opens(&release);
    let id = format!("row-{}", release.id);
    view! {
        <tr data-row="">
            <td><Choose release=release.clone() /></td>
            <th scope="row"><a id=id href=address data-open="">{release.title.clone()}</a></th>
            <td>{release.authors.clone()}</td>
            <td>{release.language.clone()}</td>
            <td class="number">{release.year.map(|year| year.to_string())}</td>
            <td>{release.group.as_ref().map(|group| group.tag.to_string())}</td>
            <td>{release.rights_basis.as_ref().map(|basis| texts.rights(basis))}</td>
            <td>{release.format.map(|format| format.to_string())}</td>
            <td class="number">{texts.size(release.size)}</td>
            <td><ReleaseMark status=release.status /></td>
            <td><time datetime=machine_time(release.updated_at.0)>{texts.day(release.updated_at.0)}</time></td>
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
            <ReleaseMark status=release.status />
        </li>
    }
}
