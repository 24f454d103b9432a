//! The island that keeps a page up to date: when the bell rings for it, the page is read anew and its regions replaced.

use std::{cell::Cell, time::Duration};

use leptos::{html::Span, prelude::*};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::{page, stream};
use crate::model::event::Bell;

/// The shortest time between two readings of a page: a running job rings often.
const PAUSE: Duration = Duration::from_secs(1);

thread_local! {
    /// True while a reading is planned.
    static WAITING: Cell<bool> = const { Cell::new(false) };
}

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
        stream::listen(move |bell: &Bell| {
            if bell.concerns(&topics) {
                refresh_soon();
            }
        });
        // A failure here only leaves the mark out.
        let _ = element.set_attribute("data-alive", "");
    });
    view! { <span hidden=true node_ref=mark></span> }
}

/// Reads the present page anew. Of much that happens together the page is read once.
pub(super) fn refresh_soon() {
    if WAITING.replace(true) {
        return;
    }
    set_timeout(
        || {
            WAITING.set(false);
            spawn_local(async {
                // Without an answer the page stays as it is; the stream rings once the server answers again.
                let _ = refresh().await;
            });
        },
        PAUSE,
    );
}

/// The address of the page. That of an answer never names a part of it.
fn here() -> Result<String, JsValue> {
    let address = window().location().href()?;
    Ok(address.split('#').next().unwrap_or_default().to_owned())
}

async fn refresh() -> Result<(), JsValue> {
    let address = here()?;
    match page::read(&address).await? {
        // A press comes to nothing when what is pressed goes before it is let go.
        Some(_) if is_pressed()? => refresh_soon(),
        // The address may be another one by now: a list follows what is typed.
        Some(fresh) if fresh.address == address && here()? == address => page::show(&fresh, false)?,
        // Another page came: one was signed out, or the thing is gone. What is shown stays until one acts.
        _ => {}
    }
    Ok(())
}

/// True while a mouse, a finger or a key holds down something that a fresher page may replace.
fn is_pressed() -> Result<bool, JsValue> {
    Ok(document().query_selector("[data-live] :active")?.is_some())
}
