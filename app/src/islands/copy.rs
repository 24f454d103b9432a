//! Copying a text, and saying so.

use std::time::Duration;

use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Element;

/// How long a button shows that it copied: long enough to be read, short enough to be pressed again.
const SHOWN: Duration = Duration::from_millis(1600);

/// Copies the text of `data-copy`; the button shows `data-copied`, and a screen reader hears it.
pub(super) fn copy(button: &Element) {
    let button = button.clone();
    let text = button.get_attribute("data-copy").unwrap_or_default();
    let done = button.get_attribute("data-copied").unwrap_or_default();
    spawn_local(async move {
        let written = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
        if written.is_err() || button.set_attribute("data-state", "copied").is_err() {
            return;
        }
        if let Some(announcer) = document().get_element_by_id("announcer") {
            announcer.set_text_content(Some(&done));
        }
        set_timeout(
            move || {
                // The button may be gone by then, and that is no fault.
                let _ = button.remove_attribute("data-state");
            },
            SHOWN,
        );
    });
}
