//! The island of the chrome: keys, copy buttons and whether the server answers, on every page.

use leptos::{ev, html::Span, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::{connection, copy, palette};
use crate::model::paths;

/// Listens to the keys of the page and to its copy buttons, by attributes that the server wrote:
///
/// - `data-copy`: a button that copies the attribute's text;
/// - `data-search`: the field that `/` goes to;
/// - `data-row`: a row that `j` and `k` walk, opened by the first link in it, and chosen by `x` where it has a box;
/// - `data-key="x"`: a link or button that the key `x` presses;
/// - `#help`: the popover that `?` opens;
/// - `#palette`: the popover that `Ctrl K` opens;
/// - `#connection`: where it is said that the server does not answer.
#[island]
pub fn Desk() -> impl IntoView {
    let mark = NodeRef::<Span>::new();
    Effect::new(move |_| {
        let Some(element) = mark.get() else { return };
        let keys = window_event_listener(ev::keydown, |event| press(&event));
        let clicks = window_event_listener(ev::click, |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if let Some(button) = target.and_then(|element| element.closest("[data-copy]").ok().flatten()) {
                copy::copy(&button);
            }
        });
        let typed = window_event_listener(ev::input, |event| {
            if let Some(field) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
                palette::typed(&field);
            }
        });
        connection::listen();
        on_cleanup(move || {
            keys.remove();
            typed.remove();
            clicks.remove();
        });
        // A failure here only leaves the mark out.
        let _ = element.set_attribute("data-alive", "");
    });
    view! { <span hidden=true node_ref=mark></span> }
}

fn press(event: &KeyboardEvent) {
    let is_palette = (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k");
    if is_palette && palette::toggle() || palette::press(event) {
        event.prevent_default();
        return;
    }
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() || is_typing() {
        return;
    }
    let handled = match event.key().as_str() {
        "/" => search(),
        "j" => walk(1),
        "k" => walk(-1),
        "x" => choose(),
        "?" => find("#help").is_some_and(|help| help.toggle_popover().is_ok()),
        key if key.len() == 1 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            find(&format!("[data-key=\"{key}\"]")).is_some_and(|element| {
                element.click();
                true
            })
        }
        _ => false,
    };
    if handled {
        event.prevent_default();
    }
}

/// Inputs that are pressed: a letter means nothing to them.
const PRESSED: &str = "[type=checkbox], [type=radio], [type=file], [type=button], [type=submit], [type=reset]";

/// True while keys write text, or a dialog is open and has its own.
fn is_typing() -> bool {
    let Some(focused) = document().active_element() else { return false };
    let place = format!("input:not({PRESSED}), textarea, select, dialog, [contenteditable]");
    focused.closest(&place).ok().flatten().is_some()
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

fn go(path: &str) -> bool {
    window().location().assign(path).is_ok()
}

fn search() -> bool {
    let Some(field) = find("[data-search]") else { return go(paths::SEARCH) };
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.select();
    }
    field.focus().is_ok()
}

/// Moves the focus to the link of the next or the one before of the rows.
fn walk(step: i32) -> bool {
    let Ok(links) = document().query_selector_all("[data-row] [data-open]") else { return false };
    let Ok(length) = i32::try_from(links.length()) else { return false };
    if length == 0 {
        return false;
    }
    let row = document().active_element().and_then(|focused| focused.closest("[data-row]").ok().flatten());
    let present = row.and_then(|row| {
        (0..length).find(|index| link_at(&links, *index).is_some_and(|link| row.contains(Some(&link))))
    });
    let next = match present {
        Some(index) => (index + step).clamp(0, length - 1),
        None if step > 0 => 0,
        None => length - 1,
    };
    link_at(&links, next).is_some_and(|link| link.focus().is_ok())
}

/// Ticks the box of the row that has the focus, or takes the tick away.
fn choose() -> bool {
    let row = document().active_element().and_then(|focused| focused.closest("[data-row]").ok().flatten());
    let tick = row.and_then(|row| row.query_selector("input[type=checkbox]:enabled").ok().flatten());
    let Some(tick) = tick.and_then(|tick| tick.dyn_into::<HtmlInputElement>().ok()) else { return false };
    // As a person does: whoever follows the box hears of it.
    tick.click();
    true
}

fn link_at(links: &web_sys::NodeList, index: i32) -> Option<HtmlElement> {
    links.item(u32::try_from(index).ok()?)?.dyn_into().ok()
}
