//! The island that keeps a page up to date: when the bell rings for it, the page is read anew and its regions replaced.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{html::Span, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, DomParser, Element, HtmlElement, Response, SupportedType};

use super::stream;
use crate::model::event::Bell;

/// The shortest time between two readings of a page: a running job rings often.
const PAUSE: Duration = Duration::from_millis(1000);

/// Replaces the content of every `[data-live]` element with an id by what the server now renders for this address.
/// There is no second way to draw a page: what JavaScript shows is what the server would show.
#[island]
pub fn Live(
    /// What the page shows, as words: `release`, `job`, or one thing: `job:01J…`.
    topics: String,
) -> impl IntoView {
    let mark = NodeRef::<Span>::new();
    Effect::new(move |_| {
        let Some(element) = mark.get() else { return };
        let topics = topics.clone();
        let waiting = Rc::new(Cell::new(false));
        stream::listen(move |bell: &Bell| {
            if !bell.concerns(&topics) || waiting.replace(true) {
                return;
            }
            let waiting = Rc::clone(&waiting);
            set_timeout(
                move || {
                    waiting.set(false);
                    spawn_local(async {
                        // Without an answer the page stays as it is, and the next bell tries again.
                        let _ = refresh().await;
                    });
                },
                PAUSE,
            );
        });
        // A failure here only leaves the mark out.
        let _ = element.set_attribute("data-alive", "");
    });
    view! { <span hidden=true node_ref=mark></span> }
}

async fn refresh() -> Result<(), JsValue> {
    let address = window().location().href()?;
    let response: Response = JsFuture::from(window().fetch_with_str(&address)).await?.dyn_into()?;
    if !response.ok() || response.redirected() {
        return Ok(());
    }
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    let fresh = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
    let regions = document().query_selector_all("[data-live][id]")?;
    for index in 0..regions.length() {
        if let Some(region) = regions.item(index).and_then(|node| node.dyn_into::<Element>().ok()) {
            replace(&region, &fresh);
        }
    }
    Ok(())
}

/// Replaces one region, unless nothing changed; what had the focus has it again.
fn replace(region: &Element, fresh: &Document) {
    let Some(new) = fresh.get_element_by_id(&region.id()) else { return };
    let html = new.inner_html();
    if region.inner_html() == html {
        return;
    }
    let focused = document()
        .active_element()
        .filter(|focused| region.contains(Some(focused)) && !focused.id().is_empty())
        .map(|focused| focused.id());
    region.set_inner_html(&html);
    if let Some(element) = focused.and_then(|id| document().get_element_by_id(&id))
        && let Some(element) = element.dyn_ref::<HtmlElement>()
    {
        // The thing may be disabled now; then the focus stays with the page.
        let _ = element.focus();
    }
}
