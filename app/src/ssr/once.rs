//! What is shown once: a link, a token, recovery codes. A door hands it to the next page in a cookie that no script
//! reads, so that it stands in no address and in no history; the page takes the cookie away as it shows it.

use http::request::Parts;
use leptos::prelude::use_context;

use super::{context, cookies};

/// Hands a text to the next page of this browser, under the name of what it is.
pub fn hand_over(what: &str, text: &str) {
    let Ok(visitor) = context::visitor() else { return };
    cookies::set(cookies::short_lived(cookies::ONCE, &format!("{what}.{text}"), visitor.secure));
}

/// What was handed to this page under a name. A second look finds nothing.
pub fn take(what: &str) -> Option<String> {
    let visitor = context::visitor().ok()?;
    let parts = use_context::<Parts>()?;
    let value = cookies::read(&parts.headers, &cookies::name(cookies::ONCE, visitor.secure))?;
    let text = value.strip_prefix(what)?.strip_prefix('.')?.to_owned();
    cookies::set(cookies::taken_away(cookies::ONCE, visitor.secure));
    Some(text)
}
