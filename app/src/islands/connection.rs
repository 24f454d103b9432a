//! Whether the server answers: one notice on every page says so while it does not, and what waits is told when it does.

use std::{cell::Cell, time::Duration};

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, Request, Response};

use crate::model::paths;

/// Rings at the window once the server answers again.
pub(super) const BACK: &str = "server-back";

/// The time between two looks while the server does not answer.
const LOOK: Duration = Duration::from_secs(5);

thread_local! {
    static LOST: Cell<bool> = const { Cell::new(false) };
    /// True while a look is planned.
    static LOOKS: Cell<bool> = const { Cell::new(false) };
}

/// Listens to the browser, which knows when there is no network. That there is one again says nothing of the server: it is
/// asked.
pub(super) fn listen() {
    let offline = window_event_listener(ev::offline, |_| set_lost(true));
    let online = window_event_listener(ev::online, |_| spawn_local(async { drop(look().await) }));
    on_cleanup(move || {
        offline.remove();
        online.remove();
    });
}

/// Sends a request, and takes note of whether it was answered.
pub(super) async fn fetch(request: &Request) -> Result<Response, JsValue> {
    let answer = answer(request).await;
    set_lost(answer.is_err());
    answer
}

/// What a proxy answers in the place of a server that does not is no answer, nor is that it cannot answer now.
async fn answer(request: &Request) -> Result<Response, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_request(request)).await?.dyn_into()?;
    if matches!(response.status(), 502..=504) { Err(response.into()) } else { Ok(response) }
}

async fn look() -> Result<Response, JsValue> {
    fetch(&Request::new_with_str(paths::ALIVE)?).await
}

fn set_lost(is_lost: bool) {
    if LOST.replace(is_lost) == is_lost {
        return;
    }
    if let Some(notice) = document().get_element_by_id("connection") {
        let text = notice.get_attribute("data-text").filter(|_| is_lost);
        notice.set_text_content(text.as_deref());
    }
    if is_lost {
        look_later();
    } else if let Ok(back) = Event::new(BACK) {
        // Nobody stops it.
        drop(window().dispatch_event(&back));
    }
}

fn look_later() {
    if LOOKS.replace(true) {
        return;
    }
    set_timeout(
        || {
            spawn_local(async {
                LOOKS.set(false);
                if LOST.get() && look().await.is_err() {
                    look_later();
                }
            });
        },
        LOOK,
    );
}
