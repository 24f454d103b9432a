//! Boxes that choose releases: one ticks all the others of its form, and how many are ticked is said.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::{dropping::target, page};

/// The boxes of a form.
const BOXES: &str = "input[name='form[releases][]']:not(:disabled)";

/// Listens to boxes: `input[data-all]` ticks all of its form, and `[data-chosen]` says how many are ticked there, by the
/// sentence of its `data-text`.
pub(super) fn listen() {
    let change = window_event_listener(ev::change, |event| {
        let all = target(&event).and_then(|one| one.dyn_into::<HtmlInputElement>().ok());
        if let Some(all) = all.filter(|one| one.has_attribute("data-all")) {
            for one in boxes(&all) {
                one.set_checked(all.checked());
            }
        }
        count();
    });
    // What was ticked is ticked again in a list that was drawn anew.
    let shown = window_event_listener_untyped(page::SHOWN, |_| count());
    on_cleanup(move || {
        change.remove();
        shown.remove();
    });
}

/// The boxes of the form that an element stands in.
fn boxes(element: &Element) -> Vec<HtmlInputElement> {
    let found = element.closest("form").ok().flatten().and_then(|form| form.query_selector_all(BOXES).ok());
    let Some(found) = found else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

fn count() {
    let Ok(all) = document().query_selector_all("[data-all], [data-chosen]") else { return };
    for index in 0..all.length() {
        let Some(place) = all.item(index).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        let boxes = boxes(&place);
        let chosen = boxes.iter().filter(|one| one.checked()).count();
        if let Some(all) = place.dyn_ref::<HtmlInputElement>() {
            all.set_checked(chosen > 0 && chosen == boxes.len());
        } else {
            let text = place.get_attribute("data-text").unwrap_or_default().replace("{count}", &chosen.to_string());
            // A screen reader says it again each time that it is written.
            if place.text_content().is_none_or(|shown| shown != text) {
                place.set_text_content(Some(&text));
            }
        }
    }
}
