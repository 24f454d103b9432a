//! The tour of a house without a release: three cards, each a step that can be taken.

use leptos::prelude::*;

use crate::{
    components::icon::{Glyph, Icon},
    model::paths,
    ssr::context::may_make,
    texts::Texts,
};

#[component]
pub fn FirstRun(texts: Texts) -> impl IntoView {
    let cards = [
        (
            Glyph::Book,
            texts.say("tour.drop"),
            texts.say("tour.drop-text"),
            may_make().then(|| (paths::NEW, texts.say("tour.drop-go"))),
        ),
        (Glyph::Edit, texts.say("tour.review"), texts.say("tour.review-text"), None),
        (
            Glyph::Package,
            texts.say("tour.pack"),
            texts.say("tour.pack-text"),
            Some((paths::VERIFY, texts.say("tour.pack-go"))),
        ),
    ];
    let cards = cards
        .map(|(glyph, title, text, next)| {
            view! {
                <li class="panel tour__card">
                    <Icon glyph />
                    <h2>{title}</h2>
                    <p>{text}</p>
                    {next.map(|(address, label)| view! { <a class="button" href=address>{label}</a> })}
                </li>
            }
        })
        .into_iter()
        .collect_view();
    view! {
        <p class="lead">{texts.say("tour.lead")}</p>
        <ol class="tour">{cards}</ol>
    }
}
