//! Why nothing was done, told to the page.

use std::fmt::Display;

use js_sys::Error;
use wasm_bindgen::JsValue;

/// An error whose `name` is the stable code, for the page's catalogue of texts, and whose `message` a person can read.
pub(crate) fn refusal(code: &str, sentence: &dyn Display) -> JsValue {
    let error = Error::new(&sentence.to_string());
    error.set_name(code);
    error.into()
}
