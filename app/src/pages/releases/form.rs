//! The form over the list: search and filters as a plain query, and how the list is drawn as links.

use leptos::prelude::*;
use packer::{format::Format, kind::Kind};
use service::{Group, Sort};

use super::filter::{Filter, Length, Look, Standing, direction};
use crate::{
    components::{
        icon::{Glyph, Icon},
        select::Select,
    },
    model::paths,
    texts::Texts,
};

#[component]
pub fn FilterForm(texts: Texts, filter: Filter, groups: Vec<Group>) -> impl IntoView {
    let statuses = Standing::all()
        .map(|standing| (standing.word().to_owned(), texts.word("status", standing.word()).to_owned()))
        .collect();
    let orders =
        Sort::ALL.iter().map(|sort| (sort.word().to_owned(), texts.word("sort", sort.word()).to_owned())).collect();
    let look = (filter.look != Look::default()).then(|| filter.look.word());
    let density = filter.compact.then_some("compact");
    let turned = filter.turned.then(|| direction(filter.is_descending()));
    view! {
        <form id="filter" class="filter" method="get" action=paths::RELEASES role="search">
            // How the list is drawn outlives a search.
            {look.map(|look| view! { <input type="hidden" name="view" value=look /> })}
            {density.map(|density| view! { <input type="hidden" name="density" value=density /> })}
            {(filter.length == Length::Long).then(|| view! { <input type="hidden" name="page" value=Length::LONG /> })}
            {turned.map(|turned| view! { <input type="hidden" name="dir" value=turned /> })}
            <div class="filter__search">
                <Icon glyph=Glyph::Search />
                <label class="unseen" for="search">{texts.say("releases.search")}</label>
                <input id="search" type="search" name="q" value=filter.search.clone() autocomplete="off"
                    placeholder=texts.say("releases.search") maxlength="200" data-search="" />
            </div>
            <Select name="status" label=texts.say("releases.status") all=texts.say("releases.any-status") options=statuses
                chosen=filter.standing.map(|standing| standing.word().to_owned()) />
            <Select name="sort" label=texts.say("releases.sort") options=orders chosen=Some(filter.sort.word().to_owned()) />
            <label class="check"><input type="checkbox" name="mine" value="1" checked=filter.mine />{texts.say("releases.mine")}</label>
            <button class="button" type="submit">{texts.say("releases.apply")}</button>
            {filter.is_narrow().then(|| view! { <a href=paths::RELEASES>{texts.say("releases.clear")}</a> })}
            <Further texts filter groups />
        </form>
    }
}

/// The filters that are needed less often; open when one of them is set.
#[component]
fn Further(texts: Texts, filter: Filter, groups: Vec<Group>) -> impl IntoView {
    let open = filter.further() > 0;
    let groups: Vec<(String, String)> =
        groups.into_iter().map(|group| (group.id.to_string(), group.tag.to_string())).collect();
    let kinds = Kind::ALL.map(|kind| (kind.word().to_owned(), texts.word("kind", kind.word()).to_owned())).to_vec();
    let formats = Format::ALL.map(|format| (format.word().to_owned(), format.to_string())).to_vec();
    view! {
        <details class="filter__further" open=open>
            <summary>{texts.say("releases.further")}</summary>
            <div class="filter__fields">
                {(!groups.is_empty()).then(|| view! {
                    <Select name="group" label=texts.say("releases.group") all=texts.say("releases.any-group") options=groups
                        chosen=filter.group.map(|group| group.to_string()) />
                })}
                <Select name="kind" label=texts.word("field", "kind") all=texts.say("releases.any-kind") options=kinds
                    chosen=filter.kind.map(|kind| kind.word().to_owned()) />
                <Select name="format" label=texts.say("releases.format") all=texts.say("releases.any-format") options=formats
                    chosen=filter.format.map(|format| format.word().to_owned()) />
                <Narrow name="language" label=texts.word("field", "language") hint="fr" value=filter.language />
                <Narrow name="year" label=texts.word("field", "year") hint="2024" value=filter.year.map(|year| year.to_string()).unwrap_or_default() />
                <Narrow name="rights" label=texts.word("field", "rights") hint="CC-BY-4.0" value=filter.rights />
            </div>
        </details>
    }
}

#[component]
fn Narrow(name: &'static str, label: &'static str, hint: &'static str, value: String) -> impl IntoView {
    let id = format!("filter-{name}");
    view! {
        <div class="filter__text">
            <label for=id.clone()>{label}</label>
            <input type="text" id=id name=name value=value placeholder=hint autocomplete="off" spellcheck="false" />
        </div>
    }
}

/// List, table or covers, wide or close, shorter pages or longer ones: links, because the address is the state.
#[component]
pub fn Looks(texts: Texts, filter: Filter) -> impl IntoView {
    let looks = Look::ALL
        .map(|look| {
            let current = (filter.look == look).then_some("true");
            let address = Filter { look, ..filter.clone() }.address(None);
            view! { <li><a href=address aria-current=current>{texts.word("look", look.word())}</a></li> }
        })
        .into_iter()
        .collect_view();
    let density = Filter { compact: !filter.compact, ..filter.clone() }.address(None);
    let label = if filter.compact { texts.say("releases.wide") } else { texts.say("releases.compact") };
    let page = Filter { length: filter.length.other(), ..filter.clone() }.address(None);
    let more = match filter.length {
        Length::Short => texts.say("releases.long-pages"),
        Length::Long => texts.say("releases.short-pages"),
    };
    view! {
        <nav class="looks" aria-label=texts.say("releases.looks")>
            <ul>{looks}<li><a href=density>{label}</a></li><li><a href=page>{more}</a></li></ul>
        </nav>
    }
}
