//! The island of the catalogue: the list follows what is typed and chosen, and so does the address.

use std::time::Duration;

use leptos::{ev, html::Span, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, FormData, HtmlFormElement, UrlSearchParams};

use super::{
    choosing, connection,
    dropping::target,
    page,
    pause::{self, Change},
};
use crate::model::paths;

/// How long the keys must rest: shorter than a pause between words, longer than between letters.
const REST: Duration = Duration::from_millis(200);

/// Wakes `form#filter`: what it holds is asked for as the plain form would, and the page's regions are replaced; and the
/// boxes of the list.
#[island]
pub fn Catalogue() -> impl IntoView {
    let mark = NodeRef::<Span>::new();
    Effect::new(move |_| {
        let Some(element) = mark.get() else { return };
        let typed = window_event_listener(ev::input, |event| follow(&event, REST));
        let chosen = window_event_listener(ev::change, |event| follow(&event, Duration::ZERO));
        let back = window_event_listener_untyped(connection::BACK, |_| {
            if let Some(form) = document().get_element_by_id("filter") {
                follow_soon(form, Duration::ZERO);
            }
        });
        choosing::listen();
        on_cleanup(move || {
            typed.remove();
            chosen.remove();
            back.remove();
        });
        // A failure here only leaves the mark out.
        let _ = element.set_attribute("data-alive", "");
    });
    view! { <span hidden=true node_ref=mark></span> }
}

fn follow(event: &Event, rest: Duration) {
    if let Some(form) = target(event).and_then(|field| field.closest("form#filter").ok().flatten()) {
        follow_soon(form, rest);
    }
}

fn follow_soon(form: Element, rest: Duration) {
    let Ok(form) = form.dyn_into::<HtmlFormElement>() else { return };
    pause::after(rest, move |change| {
        spawn_local(async move {
            // Without an answer the list stays as it is, and it is asked for again once the server answers.
            let _ = show(&form, change).await;
        });
    });
}

async fn show(form: &HtmlFormElement, change: Change) -> Result<(), JsValue> {
    let address = address(form)?;
    let Some(fresh) = page::read(&address).await? else {
        return window().location().assign(&address);
    };
    if change.is_last() {
        // A letter is no step to go back to.
        window().history()?.replace_state_with_url(&JsValue::NULL, "", Some(&address))?;
        page::show(&fresh, false)?;
    }
    Ok(())
}

/// The address that the plain form leads to, without what is empty.
fn address(form: &HtmlFormElement) -> Result<String, JsValue> {
    let all = UrlSearchParams::new_with_str_sequence_sequence(FormData::new_with_form(form)?.as_ref())?;
    let filled = UrlSearchParams::new()?;
    for pair in js_sys::try_iter(&all)?.into_iter().flatten() {
        let pair: js_sys::Array = pair?.dyn_into()?;
        let (name, value) = (pair.get(0).as_string(), pair.get(1).as_string());
        if let (Some(name), Some(value)) = (name, value.filter(|value| !value.is_empty())) {
            filled.append(&name, &value);
        }
    }
    let query = String::from(filled.to_string());
    Ok(if query.is_empty() { paths::RELEASES.to_owned() } else { format!("{}?{query}", paths::RELEASES) })
}
