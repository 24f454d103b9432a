//! The browser's entry: wakes the islands that the server rendered.

// The entry is called by generated glue; its islands are reached through this use alone.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script when the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
