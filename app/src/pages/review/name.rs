//! The release name, each part of it a way to the field that it comes from, and below it what each part is.

use leptos::prelude::*;
use packer::{format::Format, name::NameComponent};
use service::Preview;

use crate::{
    components::copy_button::CopyButton,
    texts::{Texts, texts},
};

/// A part of the name with what it is, and the place in the page that decides it.
struct Part {
    text: String,
    label: &'static str,
    place: String,
}

#[component]
pub fn Name(preview: Preview, format: Option<Format>) -> impl IntoView {
    let say = texts();
    let parts: Vec<(String, Option<Part>)> = preview
        .components
        .iter()
        .map(|component| (component.text.clone(), part(say, component, format, preview.components.last())))
        .collect();
    let legend = parts
        .iter()
        .filter_map(|(_, part)| part.as_ref())
        .map(|part| {
            view! {
                <li>
                    <a href=part.place.clone()>
                        <span class="name-legend__what">{part.label}</span>" "<span class="name-legend__text">{part.text.clone()}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    let drawn = parts
        .iter()
        .map(|(text, part)| match part {
            Some(part) => view! { <a class="name-part" href=part.place.clone()>{text.clone()}</a> }.into_any(),
            None => view! { <span class="name-part">{text.clone()}</span> }.into_any(),
        })
        .collect_view();
    view! {
        <section id="review-name" class="review__name" data-live aria-label=say.say("review.name")>
            {match preview.name {
                Some(name) => {
                    let length = name.chars().count() as u64;
                    view! {
                        <p class="name-line">
                            <code class="name">{drawn}</code>
                            <CopyButton text=name what=say.say("release.name").to_owned() />
                        </p>
                        <ul class="name-legend" aria-label=say.say("review.name-parts")>{legend}</ul>
                        <p class="name-length">{say.count("review.name-length", length)}</p>
                    }
                    .into_any()
                }
                None => view! { <p class="name-line quiet">{say.say("review.no-name")}</p> }.into_any(),
            }}
        </section>
    }
}

/// What a part is; nothing for what only stands between two others.
fn part(say: Texts, component: &NameComponent, format: Option<Format>, last: Option<&NameComponent>) -> Option<Part> {
    let text = component.text.trim_matches(|sign: char| !sign.is_alphanumeric()).to_owned();
    if text.is_empty() {
        return None;
    }
    let (label, place) = match component.field {
        Some(field) => (say.word("field", field.word()), format!("#field-{}", field.word())),
        // The group ends every name.
        None if Some(component) == last => (say.word("field", "group"), "#field-group".to_owned()),
        // What the file is, no field decides.
        None if format.is_some_and(|format| format.tag() == text) => {
            (say.say("releases.format"), "#review-file".to_owned())
        }
        // Words that stand in every name of a profile.
        None => (say.word("field", "profile"), "#field-profile".to_owned()),
    };
    Some(Part { text, label, place })
}
