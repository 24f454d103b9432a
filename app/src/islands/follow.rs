//! The island of a form whose page follows what is typed: the server says what comes of it, and nothing is saved.

use std::{cell::Cell, time::Duration};

use leptos::{ev, html::Span, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, FormData, HtmlFormElement, Request, RequestInit, UrlSearchParams};

use super::{
    connection,
    dropping::target,
    page,
    pause::{self, Change},
};

/// How long the keys must rest.
const REST: Duration = Duration::from_millis(300);

/// The forms whose page follows what is typed.
const FORM: &str = "form[data-follow-to]";

/// What an answer has that could not keep what was typed, and says why.
const NOT_KEPT: &str = "[data-not-kept]";

/// The template of such an answer, for when the server gives none or refuses.
const TEMPLATE: &str = "not-kept";

thread_local! {
    /// True while something was typed that the server has not kept: leaving would lose it.
    static UNKEPT: Cell<bool> = const { Cell::new(false) };
    /// True once it was sent again without another key. A door that alone does not answer is not asked for ever.
    static SENT_AGAIN: Cell<bool> = const { Cell::new(false) };
}

/// Wakes `form[data-follow-to]`: the door that its attribute names gets what the form holds, and the regions that come back
/// are put in place.
#[island]
pub fn Follow() -> impl IntoView {
    let mark = NodeRef::<Span>::new();
    Effect::new(move |_| {
        let Some(element) = mark.get() else { return };
        let typed = window_event_listener(ev::input, |event| {
            let form = target(&event).and_then(|field| field.closest(FORM).ok().flatten());
            if let Some(form) = form {
                UNKEPT.set(true);
                SENT_AGAIN.set(false);
                follow_soon(form);
            }
        });
        // What could not be kept is sent again, without another key.
        let back = window_event_listener_untyped(connection::BACK, |_| {
            if let Some(form) =
                document().query_selector(FORM).ok().flatten().filter(|_| UNKEPT.get() && !SENT_AGAIN.replace(true))
            {
                follow_soon(form);
            }
        });
        // What is sent is not left, and not followed any more: that would keep it as a draft anew. While nothing answers
        // it is not sent.
        let sent = window_event_listener(ev::submit, |event| {
            if !connection::is_lost() && target(&event).is_some_and(|form| form.has_attribute("data-follow-to")) {
                UNKEPT.set(false);
                pause::overtake();
            }
        });
        let left = window_event_listener(ev::beforeunload, |event| {
            if UNKEPT.get() {
                // The browser asks in its own words whether to leave.
                event.prevent_default();
            }
        });
        on_cleanup(move || {
            typed.remove();
            back.remove();
            sent.remove();
            left.remove();
        });
        // A failure here only leaves the mark out.
        let _ = element.set_attribute("data-alive", "");
    });
    view! { <span hidden=true node_ref=mark></span> }
}

fn follow_soon(form: Element) {
    let Ok(form) = form.dyn_into::<HtmlFormElement>() else { return };
    pause::after(REST, move |change| {
        spawn_local(async move {
            // A page without one of the regions leaves it as it was, and whoever leaves is asked.
            let _ = follow(&form, change).await;
        });
    });
}

/// Shows what comes of what the form holds; without an answer that keeps it, that it is not kept.
async fn follow(form: &HtmlFormElement, change: Change) -> Result<(), JsValue> {
    let html = ask(form).await.ok().or_else(|| Some(document().get_element_by_id(TEMPLATE)?.inner_html()));
    if let Some(html) = html.filter(|_| change.is_last()) {
        let answer = page::parse(&html)?;
        UNKEPT.set(answer.query_selector(NOT_KEPT)?.is_some());
        page::replace_regions(&answer)?;
    }
    Ok(())
}

async fn ask(form: &HtmlFormElement) -> Result<String, JsValue> {
    let address = form.get_attribute("data-follow-to").unwrap_or_default();
    let body = UrlSearchParams::new_with_str_sequence_sequence(FormData::new_with_form(form)?.as_ref())?;
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(body.as_ref());
    let request = Request::new_with_str_and_init(&address, &options)?;
    request.headers().set("Accept", "application/json")?;
    let response = connection::fetch(&request).await?;
    if !response.ok() {
        return Err(response.into());
    }
    JsFuture::from(response.json()?).await?.as_string().ok_or(JsValue::NULL)
}
