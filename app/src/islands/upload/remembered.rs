//! What a browser remembers of uploads beyond a page: where each goes on, and which release it became.
//!
//! A full or a closed store forgets; then an upload begins anew, which costs time and nothing else.

use leptos::prelude::window;

/// What of an upload is remembered.
#[derive(Debug, Clone, Copy)]
pub(in crate::islands) enum Part {
    /// The address at which it goes on.
    Address,
    /// The id of the release that it became.
    Release,
}

impl Part {
    fn key(self, person: &str, known_by: &str) -> String {
        let part = match self {
            Self::Address => "upload",
            Self::Release => "release",
        };
        format!("ebook-scene-packer {part} {person} {known_by}")
    }
}

/// What was remembered of the file that is known by `known_by`.
pub(in crate::islands) fn recall(part: Part, person: &str, known_by: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(&part.key(person, known_by)).ok()?
}

/// Remembers it.
pub(in crate::islands) fn remember(part: Part, person: &str, known_by: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(&part.key(person, known_by), value);
    }
}

/// Remembers it no longer.
pub(in crate::islands) fn forget(part: Part, person: &str, known_by: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(&part.key(person, known_by));
    }
}
