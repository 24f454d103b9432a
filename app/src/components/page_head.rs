//! What stands above a list, and below it.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::texts::texts;

/// The heading of a page, a sentence, and what can be done with the whole of it.
#[component]
pub fn PageHead(
    /// The heading.
    title: &'static str,
    /// Its id, for what is named by it.
    #[prop(optional)]
    id: Option<&'static str>,
    /// The sentence below it.
    #[prop(optional, into)]
    lead: Option<String>,
    /// Buttons at the other end of the line.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="page-head">
            <div><h1 id=id>{title}</h1>{lead.map(|lead| view! { <p>{lead}</p> })}</div>
            {children.map(|children| children())}
        </div>
    }
}

/// The way to the first page and to the next one, where there are such.
#[component]
pub fn Paging(
    /// The address of the first page, on every other one.
    first: Option<String>,
    /// The address of the next page, until the last one.
    next: Option<String>,
) -> impl IntoView {
    let texts = texts();
    view! {
        <nav class="pages" aria-label=texts.say("jobs.pages")>
            {first.map(|address| view! { <a class="button" href=address>{texts.say("jobs.first")}</a> })}
            {next.map(|address| view! { <a class="button pages__next" rel="next" href=address>{texts.say("jobs.next")}<Icon glyph=Glyph::Next /></a> })}
        </nav>
    }
}
