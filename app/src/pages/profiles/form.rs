//! A profile as a form: each value of the TOML under its own label. What is changed here changes that one value there.

use leptos::prelude::*;

use crate::{
    components::raw_text::text_of_area,
    ssr::{
        profile_choices::words_of,
        profile_text::{self, ENTRIES, Shape},
    },
    texts::{Texts, texts},
};

/// Where the values stand in the form, in their order; templates have a place of their own.
const SECTIONS: [(&str, &[&str]); 6] = [
    ("basics", &["name", "layout", "formats"]),
    (
        "naming",
        &[
            "naming.separator",
            "naming.longest",
            "naming.unnamed-language",
            "naming.unnamed-format",
            "naming.authors.most",
            "naming.authors.joined-by",
            "naming.authors.others",
            "naming.tags",
            "naming.patterns.book",
            "naming.patterns.textbook",
            "naming.patterns.magazine",
            "naming.patterns.comic",
            "naming.patterns.manga",
            "naming.patterns.newspaper",
        ],
    ),
    (
        "required",
        &[
            "required.book",
            "required.textbook",
            "required.magazine",
            "required.comic",
            "required.manga",
            "required.newspaper",
        ],
    ),
    ("info", &["nfo.encoding", "nfo.line-end", "nfo.columns", "nfo.states", "diz.columns", "diz.lines"]),
    ("package", &["volumes.sizes", "volumes.most", "bag.serialization"]),
    ("findings", &["fixes", "blocking.severities", "blocking.codes", "severities"]),
];

/// The fields of a text; a sentence where it is no TOML, so that there are none to show.
#[component]
pub fn Fields(text: String) -> impl IntoView {
    let texts = texts();
    match profile_text::read(&text) {
        Some(values) => {
            let sections = SECTIONS
                .into_iter()
                .filter(|(_, paths)| paths.iter().any(|path| values.contains_key(path)))
                .map(|(section, paths)| {
                    let fields = paths
                        .iter()
                        .filter_map(|path| Some((*path, values.get(path)?.clone())))
                        .map(|(path, value)| view! { <Field path value /> })
                        .collect_view();
                    let title = format!("section-{section}");
                    let heading = title.clone();
                    view! {
                        <section class="panel rules" aria-labelledby=title>
                            <h2 id=heading>{texts.word("rules", section)}</h2>
                            <div class="rules__fields">{fields}</div>
                        </section>
                    }
                })
                .collect_view();
            view! { <div class="stack">{sections}</div> }.into_any()
        }
        None => view! { <p class="alert alert--notice">{texts.say("rules.unreadable")}</p> }.into_any(),
    }
}

/// The id of a value's field.
pub fn id_of(path: &str) -> String {
    format!("rule-{}", path.replace('.', "-"))
}

#[component]
fn Field(path: &'static str, value: Vec<String>) -> impl IntoView {
    let texts = texts();
    let shape = ENTRIES.into_iter().find(|(known, _)| *known == path).map_or(Shape::Word, |(_, shape)| shape);
    let label = texts.word("rule", path);
    let id = id_of(path);
    let name = format!("form[values][{path}]");
    let first = value.first().cloned().unwrap_or_default();
    match (shape, words_of(path)) {
        (Shape::Choices, words) => view! { <Choices texts path label words value /> }.into_any(),
        (Shape::Word, words) if !words.is_empty() => view! { <OneOf id name label words chosen=first /> }.into_any(),
        (Shape::Words | Shape::Pairs, _) => {
            let rows = if path.starts_with("blocking") || path == "severities" { "4" } else { "2" };
            view! {
                <div class="field field--wide">
                    <label for=id.clone()>{label}</label>
                    <textarea id=id class="mono" name=name rows=rows spellcheck="false" autocapitalize="none">{text_of_area(&first)}</textarea>
                </div>
            }
            .into_any()
        }
        (_, _) => {
            let mode = matches!(shape, Shape::Number).then_some("numeric");
            view! {
                <div class="field" class:field--wide=shape == Shape::Numbers>
                    <label for=id.clone()>{label}</label>
                    <input id=id type="text" inputmode=mode name=name value=first autocomplete="off" autocapitalize="none" spellcheck="false" />
                </div>
            }
            .into_any()
        }
    }
}

/// One of a few words.
#[component]
fn OneOf(id: String, name: String, label: &'static str, words: Vec<&'static str>, chosen: String) -> impl IntoView {
    // What stands in the text and is none of them is shown as it is: the profile says that it is wrong.
    let other = (!words.contains(&chosen.as_str()))
        .then(|| view! { <option value=chosen.clone() selected=true>{chosen.clone()}</option> });
    let options = words
        .into_iter()
        .map(|word| view! { <option value=word selected=word == chosen>{word}</option> })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>{options}{other}</select>
        </div>
    }
}

/// Some of a few words. The empty one is always sent: else none ticked could not be told from none asked for.
#[component]
fn Choices(
    texts: Texts,
    path: &'static str,
    label: &'static str,
    words: Vec<&'static str>,
    value: Vec<String>,
) -> impl IntoView {
    let name = format!("form[lists][{path}][]");
    let boxes = words
        .into_iter()
        .map(|word| {
            let id = format!("{}-{word}", id_of(path));
            let checked = value.iter().any(|known| known == word);
            let shown = if path == "nfo.states" { texts.word("statement", word) } else { word };
            view! {
                <label class="tick"><input type="checkbox" id=id name=name.clone() value=word checked=checked />{shown}</label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field field--wide ticks">
            <legend>{label}</legend>
            <input type="hidden" name=name value="" />
            <div class="ticks__row">{boxes}</div>
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_place_in_the_form() {
        // The number of a version is counted by the product, and templates have an editor.
        let elsewhere = ["version", "nfo.template", "nfo.text", "diz.template", "diz.text"];
        let placed: Vec<&str> = SECTIONS.iter().flat_map(|(_, paths)| paths.iter().copied()).collect();
        for (path, _) in ENTRIES {
            assert!(placed.contains(&path) != elsewhere.contains(&path), "{path}");
        }
    }
}
