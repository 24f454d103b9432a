//! The tour once more, for whoever has releases already: the first page shows it only while there are none.

use leptos::prelude::*;

use super::dashboard::first_run::FirstRun;
use crate::{
    components::{frame::Frame, page_head::PageHead},
    texts::texts,
};

/// The three cards.
#[component]
pub fn TourPage() -> impl IntoView {
    let texts = texts();
    view! {
        <Frame title=texts.say("tour.title").to_owned()>
            <div class="stack">
                <PageHead title=texts.say("tour.title") />
                <FirstRun texts />
            </div>
        </Frame>
    }
}
