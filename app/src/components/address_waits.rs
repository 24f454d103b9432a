//! An address that waits to be confirmed.

use leptos::prelude::*;

use crate::texts::texts;

/// That it waits, and what holds until then.
#[component]
pub fn AddressWaits(
    /// What it waits for, in a sentence.
    waits: String,
    /// The address that holds until then, where there is one.
    present: Option<String>,
    /// True where this house sends letters.
    sends_mail: bool,
) -> impl IntoView {
    let texts = texts();
    let until = match (present, sends_mail) {
        (Some(present), true) => texts.say_with("address-until.letters", &[("present", &present)]),
        (Some(present), false) => texts.say_with("address-until.address", &[("present", &present)]),
        (None, true) => texts.say("address-until.no-letters").to_owned(),
        (None, false) => texts.say("address-until.no-address").to_owned(),
    };
    view! { <p role="note">{waits}" "{until}</p> }
}
