//! The gallery of parts, in development only: every part with its states, each in a section of its own that tests photograph.

mod bases;
mod frames;
mod parts;

use leptos::prelude::*;

use crate::{
    components::{error_view::error_view, frame::Frame},
    error::AppError,
    ssr::{context, convert::answer_with},
};

/// A part: the id of its section, its name, and its states.
pub type Part = (&'static str, &'static str, AnyView);

/// Parts and states. Its texts are the names of the parts, for whoever builds them.
#[component]
pub fn GalleryPage() -> impl IntoView {
    if context::visitor().is_ok_and(|visitor| visitor.development) {
        gallery()
    } else {
        error_view(&answer_with(AppError::not_found("page")))
    }
}

fn gallery() -> AnyView {
    let (links, sections): (Vec<_>, Vec<_>) = bases::all()
        .into_iter()
        .chain(parts::all())
        .chain(frames::all())
        .map(|(id, title, states)| {
            let anchor = format!("#{id}");
            let heading = format!("{id}-title");
            (
                view! { <li><a href=anchor>{title}</a></li> },
                view! {
                    <section id=id class="panel gallery__part" aria-labelledby=heading>
                        <h2 id=heading.clone()>{title}</h2>
                        {states}
                    </section>
                },
            )
        })
        .unzip();
    view! {
        <Frame title="Gallery".to_owned()>
            <div class="stack gallery">
                <h1>"Gallery"</h1>
                <nav aria-label="Parts"><ul class="gallery__links">{links}</ul></nav>
                {sections}
            </div>
        </Frame>
    }
    .into_any()
}
