//! What a book says of itself, and what is wrong with it.

use js_sys::Function;
use packer::{inspect::inspect, limits::Limits, report::BookReport};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::Blob;

use crate::{blob::BlobSource, progress::Progress, refusal::refusal};

/// Reads and checks a book: an object with `path`, `format`, `metadata` and `findings`, as `check --json` prints it.
///
/// `progress` is called with how much is done and how much there is. An error has a code and a sentence.
#[wasm_bindgen]
pub fn check(book: Blob, name: &str, progress: Function) -> Result<String, JsValue> {
    let inspection = inspect(&mut BlobSource::new(book), name, &Limits::default(), &Progress::new(progress))
        .map_err(|error| refusal(error.code(), &error))?;
    serde_json::to_string(&BookReport::new(name, &inspection)).map_err(|error| refusal("internal", &error))
}
