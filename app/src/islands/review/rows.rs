//! The rows of a batch: one release after the other, in place, while uploads go on.

use std::cell::Cell;

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlAnchorElement};

use super::fields;
use crate::{islands::page, model::paths};

thread_local! {
    /// Raised whenever one goes to a release: only the last is opened, however late another one comes.
    static TURN: Cell<u32> = const { Cell::new(0) };
    /// True while one is being opened.
    static OPENS: Cell<bool> = const { Cell::new(false) };
}

fn next_turn(opens: bool) -> u32 {
    OPENS.set(opens);
    TURN.set(TURN.get().wrapping_add(1));
    TURN.get()
}

pub(super) fn listen() {
    let click = window_event_listener(ev::click, |event| {
        // From the table one goes to the review as to another page.
        if is_table() || event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0 {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|element| element.closest("#rows a[data-open]").ok().flatten());
        if let Some(link) = link.and_then(|element| element.dyn_into::<HtmlAnchorElement>().ok()) {
            event.prevent_default();
            let address = link.href();
            spawn_local(async move {
                if open(&address, true).await.is_err() {
                    // Without an answer the browser's own navigation says what is wrong.
                    let _ = window().location().assign(&address);
                }
            });
        }
    });
    let back = window_event_listener(ev::popstate, |_| {
        let here = page::open_release(&document()).map_or_else(|| paths::NEW.to_owned(), |id| paths::review(&id));
        // A jump to a field is no other page.
        if window().location().pathname().is_ok_and(|path| path == here) {
            next_turn(false);
            return;
        }
        spawn_local(async {
            let address = window().location().href().unwrap_or_default();
            let _ = open(&address, false).await;
        });
    });
    on_cleanup(move || {
        click.remove();
        back.remove();
    });
}

/// Opens a release in place: the whole review is another one, fields and all.
pub(super) async fn open(address: &str, remember: bool) -> Result<(), JsValue> {
    let turn = next_turn(true);
    let opened = open_in(turn, address, remember).await;
    if TURN.get() == turn {
        OPENS.set(false);
    }
    opened
}

async fn open_in(turn: u32, address: &str, remember: bool) -> Result<(), JsValue> {
    // Its page knows of what is saved before, and what is typed until it is here is saved as well.
    if !leave(turn, remember).await? {
        return Ok(());
    }
    let page = page::read(address).await;
    if !leave(turn, remember).await? {
        return Ok(());
    }
    let Some(page) = page? else {
        return window().location().assign(address);
    };
    if remember {
        window().history()?.push_state_with_url(&JsValue::NULL, "", Some(&page.address))?;
    }
    if let (Some(review), Some(new)) =
        (document().get_element_by_id("review"), page.document.get_element_by_id("review"))
    {
        // What was typed in one book is not written into another.
        page::put(&review, &new.inner_html());
    }
    document().set_title(&page.document.title());
    page::show(&page, false)
}

/// Waits until what was typed in the open release is saved. False when one stays there: something was not taken, and the
/// page says why; or another one was asked for meanwhile.
async fn leave(turn: u32, remember: bool) -> Result<bool, JsValue> {
    let is_last = || TURN.get() == turn;
    // Where another one was opened, one types there by now.
    let is_taken = is_last() && fields::settle().await;
    if !is_last() {
        return Ok(false);
    }
    if !is_taken
        && !remember
        && let Some(id) = page::open_release(&document())
    {
        // The browser has gone already.
        window().history()?.push_state_with_url(&JsValue::NULL, "", Some(&paths::review(&id)))?;
    }
    Ok(is_taken)
}

/// True while the batch is a table that has the page to itself.
pub(super) fn is_table() -> bool {
    document().query_selector("#desk[data-view=table]").is_ok_and(|desk| desk.is_some())
}

/// True while no release is open, or on its way, in a page that can open one: the inbox cannot.
pub(super) fn none_is_open() -> bool {
    !OPENS.get()
        && document().get_element_by_id("review").is_some()
        && document().get_element_by_id("review-form").is_none()
}
