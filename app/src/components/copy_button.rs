//! A button that copies a text: only there while a script listens (see [`crate::islands::Desk`]).

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::texts::texts;

/// Copies `text`; `what` says what it is, for who does not see where the button stands.
#[component]
pub fn CopyButton(
    /// The text to copy.
    text: String,
    /// What the text is.
    what: String,
) -> impl IntoView {
    let texts = texts();
    let name = texts.say_with("copy.copy", &[("what", &what)]);
    view! {
        <button
            class="button button--quiet button--icon copy needs-script"
            type="button"
            title=name.clone()
            data-copy=text
            data-copied=texts.say("copy.copied")
            data-uncopied=texts.say("copy.uncopied")
        >
            <span class="copy__ready"><Icon glyph=Glyph::Copy /></span>
            <span class="copy__done"><Icon glyph=Glyph::Check /></span>
            <span class="unseen">{name.clone()}</span>
        </button>
    }
}
