//! The words that an island shows: the server wrote them into a `<template>`, each under its key.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTemplateElement};

/// The text of `key` in the template `id`; that of `other` in the same family when there is none.
pub(super) fn say(id: &str, family: &str, word: &str) -> String {
    let find = |word: &str| {
        let template: HtmlTemplateElement = document().get_element_by_id(id)?.dyn_into().ok()?;
        // A word that comes from elsewhere may hold what ends the selector.
        let word: String = word.chars().filter(|sign| sign.is_ascii_alphanumeric() || *sign == '-').collect();
        template.content().query_selector(&format!("[data-word=\"{family}.{word}\"]")).ok()??.text_content()
    };
    find(word).or_else(|| find("other")).unwrap_or_default()
}

/// A copy of the first element in the template `id`, or of the one that `selector` finds there.
pub(super) fn copy_of(id: &str, selector: Option<&str>) -> Option<Element> {
    let template: HtmlTemplateElement = document().get_element_by_id(id)?.dyn_into().ok()?;
    let found = match selector {
        Some(selector) => template.content().query_selector(selector).ok()??,
        None => template.content().first_element_child()?,
    };
    found.clone_node_with_deep(true).ok()?.dyn_into().ok()
}

/// Writes a text into the part of an element that `selector` finds.
pub(super) fn write(element: &Element, selector: &str, text: &str) {
    if let Some(place) = element.query_selector(selector).ok().flatten() {
        place.set_text_content(Some(text));
    }
}
