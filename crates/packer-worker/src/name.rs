//! What the release of a book will be called, from what the module `check` found in it.

use packer::{
    format::Format,
    metadata::BookMetadata,
    name::{
        NameComponent, ReleaseName,
        of_book::{Chosen, NamingError, of_book},
    },
};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::refusal::refusal;

/// As much of a book's report as decides its name.
#[derive(Debug, Deserialize)]
struct Book {
    format: Format,
    metadata: BookMetadata,
}

/// A name and its parts.
#[derive(Debug, Serialize)]
struct Named {
    name: ReleaseName,
    components: Vec<NameComponent>,
}

/// Names the release of a book: an object with `name`, which is what the command line's `name` prints, and `components`.
///
/// `book` is the JSON that `check` gave, `chosen` that of [`Chosen`]. An error has a code and a sentence.
#[wasm_bindgen]
pub fn name(book: &str, file_name: &str, chosen: &str) -> Result<String, JsValue> {
    let Book { format, metadata } = serde_json::from_str(book).map_err(|error| refusal("internal", &error))?;
    let chosen: Chosen = serde_json::from_str(chosen).map_err(|error| refusal("internal", &error))?;
    let composition = of_book(&metadata, format, file_name, &chosen).map_err(|error| match error {
        NamingError::Field(_) | NamingError::Tag(_) => refusal("field", &error),
        NamingError::Name(_) => refusal("name", &error),
    })?;
    let named = Named { name: composition.name, components: composition.components };
    serde_json::to_string(&named).map_err(|error| refusal("internal", &error))
}
