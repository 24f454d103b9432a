//! The release name, each part of it a way to the field that it comes from.

use leptos::prelude::*;
use service::Preview;

use crate::{
    components::icon::{Glyph, Icon},
    texts::texts,
};

#[component]
pub fn Name(preview: Preview) -> impl IntoView {
    let say = texts();
    let parts = preview
        .components
        .iter()
        .map(|component| {
            let text = component.text.clone();
            match component.field {
                Some(field) => {
                    let label = say.word("field", field.word());
                    view! {
                        <a class="name-part" href=format!("#field-{}", field.word()) title=label>{text}</a>
                    }
                    .into_any()
                }
                None => view! { <span class="name-part">{text}</span> }.into_any(),
            }
        })
        .collect_view();
    view! {
        <section id="review-name" class="review__name" data-live aria-label=say.say("review.name")>
            {match preview.name.clone() {
                Some(name) => {
                    view! {
                        <p class="name-line"><code class="name">{parts}</code>
                            <button type="button" class="button button--quiet button--icon" data-copy=name.clone()
                                data-copied=say.say("review.copied")>
                                <Icon glyph=Glyph::Copy /><span class="unseen">{say.say("review.copy-name")}</span>
                            </button>
                        </p>
                        <p class="name-length">{say.count("review.name-length", name.chars().count() as u64)}</p>
                    }
                    .into_any()
                }
                None => view! { <p class="name-line quiet">{say.say("review.no-name")}</p> }.into_any(),
            }}
        </section>
    }
}
