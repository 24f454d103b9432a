//! The palette: every place of the product by a few letters of its name, and the search for everything else.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

/// Opens or closes `#palette`, whose field then has the focus.
pub(super) fn toggle() -> bool {
    let Some(palette) = find("#palette") else { return false };
    let is_open = palette.toggle_popover().unwrap_or(false);
    if let Some(field) = find("#palette-field").filter(|_| is_open) {
        if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            input.set_value("");
        }
        narrow("");
        // Without the focus the field can be clicked.
        let _ = field.focus();
    }
    true
}

/// Shows only what has the typed letters in its name.
pub(super) fn typed(field: &Element) {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>().filter(|input| input.id() == "palette-field") {
        narrow(&input.value());
    }
}

/// Walks the places with the arrows; Enter in the field opens the first. True when the key was for the palette.
pub(super) fn press(event: &KeyboardEvent) -> bool {
    let Some(focused) = document().active_element() else { return false };
    if focused.closest("#palette").ok().flatten().is_none() {
        return false;
    }
    let links = visible_links();
    let present = links.iter().position(|link| link.is_same_node(Some(&focused)));
    let next = match (event.key().as_str(), present) {
        ("ArrowDown", None) => 0,
        ("ArrowDown", Some(index)) => index + 1,
        ("ArrowUp", Some(index)) if index > 0 => index - 1,
        ("Enter", None) => {
            let first = links.first();
            if let Some(link) = first {
                link.click();
            }
            // With nothing that fits, the form searches.
            return first.is_some();
        }
        _ => return false,
    };
    links.get(next).is_some_and(|link| link.focus().is_ok())
}

fn narrow(text: &str) {
    let wanted = text.trim().to_lowercase();
    for item in all("#palette li") {
        let name = item.text_content().unwrap_or_default().to_lowercase();
        item.set_hidden(!name.contains(&wanted));
    }
}

fn visible_links() -> Vec<HtmlElement> {
    all("#palette li:not([hidden]) a")
}

fn all(selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}
