//! Whether the server answers: one notice on every page says so while it does not, and what waits is told when it does. What is
//! typed waits; what is pressed does not: it is not known whether it was done, so whoever pressed it looks and presses again.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event, Request, Response, SubmitEvent};

use crate::model::paths;

/// Rings at the window once the server answers again.
pub(super) const BACK: &str = "server-back";

/// The time between two looks while the server does not answer.
const LOOK: Duration = Duration::from_secs(5);

thread_local! {
    static LOST: Cell<bool> = const { Cell::new(false) };
    /// True while a look is planned.
    static LOOKS: Cell<bool> = const { Cell::new(false) };
    /// True while something was pressed of which nobody knows whether it was done.
    static PRESSED: Cell<bool> = const { Cell::new(false) };
    /// What was pressed last that leads to another page, and when.
    static LEAVES: RefCell<Option<(Element, f64)>> = const { RefCell::new(None) };
}

/// For so many milliseconds a second press of what leads to another page is none. After them it counts: whoever kept the
/// browser from leaving the page may press once more.
const REPEAT: f64 = 5000.0;

/// Marks what says at a button that it did nothing.
const NOT_DONE: &str = "data-not-done";

/// Listens to the browser, which knows when there is no network. That there is one again says nothing of the server: it is
/// asked.
pub(super) fn listen() {
    let offline = window_event_listener(ev::offline, |_| set_lost(true));
    let online = window_event_listener(ev::online, |_| spawn_local(async { drop(look().await) }));
    let pressed = window_event_listener(ev::submit, |event| {
        forget_presses();
        hold_back(&event);
    });
    // A page that one comes back to is as it was left.
    let shown = window_event_listener_untyped("pageshow", |_| drop(LEAVES.take()));
    on_cleanup(move || {
        offline.remove();
        online.remove();
        pressed.remove();
        shown.remove();
    });
}

/// True while the server does not answer.
pub(super) fn is_lost() -> bool {
    LOST.get()
}

/// A form that leads to another page is not sent while nothing answers: the browser would put a page of its own in the place
/// of this one, with what stands in its fields. Nor is it sent twice while the page is being left: that would make two of
/// what was to be one, and show the answer to the second. What stays in the page is sent, and says itself what came of it.
fn hold_back(event: &SubmitEvent) {
    let Some(form) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let button = event.submitter().and_then(|button| button.dyn_into::<Element>().ok());
    let stays = form.id() == "review-form" || button.as_ref().is_some_and(|button| button.has_attribute("data-save"));
    if stays || event.default_prevented() {
        return;
    }
    if is_lost() {
        event.prevent_default();
        tell_not_done(button.as_ref().or(form.last_element_child().as_ref()));
    } else if form.get_attribute("method").as_deref() == Some("post") && is_repeat(button.unwrap_or(form), event) {
        event.prevent_default();
    }
}

/// True for a second press of the same within a moment; of a first one note is taken.
fn is_repeat(pressed: Element, event: &Event) -> bool {
    let now = event.time_stamp();
    LEAVES.with_borrow_mut(|leaves| {
        let is_repeat = leaves.as_ref().is_some_and(|(last, at)| *last == pressed && now - at < REPEAT);
        if !is_repeat {
            *leaves = Some((pressed, now));
        }
        is_repeat
    })
}

/// Says behind what was pressed that no answer came that says what was done. It can be pressed again, and is not by itself.
pub(super) fn tell_not_done(pressed: Option<&Element>) {
    // A server that answers, and refuses, has nothing to come back from.
    PRESSED.set(is_lost());
    let sentence = document().get_element_by_id("connection").and_then(|notice| notice.get_attribute(NOT_DONE));
    let (Some(pressed), Some(sentence)) = (pressed, sentence) else { return };
    let Ok(problem) = document().create_element("p") else { return };
    problem.set_text_content(Some(&sentence));
    problem.set_class_name("field__problem");
    // Without the marks it is only not read out, or stays until the page is read anew.
    let _ = problem.set_attribute("role", "alert").and_then(|()| problem.set_attribute(NOT_DONE, ""));
    drop(pressed.after_with_node_1(&problem));
}

/// What was pressed before is of no interest once something is pressed again.
fn forget_presses() {
    PRESSED.set(false);
    let mark = format!("p[{NOT_DONE}]:not(#connection)");
    while let Ok(Some(told)) = document().query_selector(&mark) {
        told.remove();
    }
    say_state();
}

/// Says that nothing answers; then, where something was pressed meanwhile, that it was not repeated.
fn say_state() {
    let name = match (LOST.get(), PRESSED.get()) {
        (true, _) => "data-text",
        (false, true) => "data-back",
        (false, false) => "",
    };
    if let Some(notice) = document().get_element_by_id("connection") {
        notice.set_text_content(notice.get_attribute(name).as_deref());
    }
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
    say_state();
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
