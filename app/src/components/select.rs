//! A choice from a list.

use leptos::prelude::*;

/// A labelled choice; the label is heard, and seen where no option says what the choice is about.
#[component]
pub fn Select(
    /// The name in the form.
    name: &'static str,
    /// The label, for a screen reader.
    label: &'static str,
    /// Whether the label is seen, too.
    #[prop(optional)]
    is_seen: bool,
    /// The option that stands for all; without it one of the others is always chosen.
    #[prop(optional)]
    all: Option<&'static str>,
    /// Values and words.
    options: Vec<(String, String)>,
    /// The value that is chosen.
    chosen: Option<String>,
) -> impl IntoView {
    let id = format!("select-{name}");
    let options = options
        .into_iter()
        .map(|(value, word)| {
            let selected = chosen.as_ref() == Some(&value);
            view! { <option value=value selected=selected>{word}</option> }
        })
        .collect_view();
    view! {
        <div class:field=is_seen>
            <label class:unseen=!is_seen for=id.clone()>{label}</label>
            <select id=id.clone() name=name>
                {all.map(|word| view! { <option value="">{word}</option> })}
                {options}
            </select>
        </div>
    }
}
