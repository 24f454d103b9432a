//! What is shown once: a link, a token, recovery codes. A door hands it to the next page in a cookie that no script
//! reads, so that it stands in no address and in no history; the page takes the cookie away as it shows it.

use http::request::Parts;
use leptos::prelude::use_context;

use super::{context, cookies};

/// Hands a text to the next page of this browser, under the name of what it is, for whoever is signed in now.
pub fn hand_over(what: &str, text: &str) {
    let Ok(visitor) = context::visitor() else { return };
    let Some(actor) = &visitor.actor else { return };
    cookies::set(cookies::short_lived(cookies::ONCE, &format!("{what}.{}.{text}", actor.user_id), visitor.secure));
}

/// What was handed to this page under a name. A second look finds nothing, and so does somebody else who signs in here.
pub fn take(what: &str) -> Option<String> {
    let visitor = context::visitor().ok()?;
    let parts = use_context::<Parts>()?;
    let value = cookies::read(&parts.headers, &cookies::name(cookies::ONCE, visitor.secure))?;
    let person = visitor.actor?.user_id.to_string();
    let text = value.strip_prefix(what)?.strip_prefix('.')?.strip_prefix(&person)?.strip_prefix('.')?.to_owned();
    cookies::set(cookies::taken_away(cookies::ONCE, visitor.secure));
    Some(text)
}
