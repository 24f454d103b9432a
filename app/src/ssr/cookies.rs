//! The cookies of the interface: their names, and how they are read and set. Server and pages share this one place.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use service::{ExposeSecret, SignedIn};

/// Seconds that a choice of language or theme is kept: a year, the longest that browsers allow without a renewal.
const PREFERENCE_SECONDS: i64 = 31_536_000;

/// A cookie that holds the access token, short-lived.
pub const ACCESS: &str = "esp-access";
/// A cookie that holds the refresh token.
pub const REFRESH: &str = "esp-refresh";
/// A cookie that says whose password was right, until the one-time code is entered.
pub const CHALLENGE: &str = "esp-challenge";
/// A cookie that holds what is shown once, until the next page has shown it.
pub const ONCE: &str = "esp-once";
/// A cookie that holds what was typed into a form that comes back with an error, until the page has shown it.
pub const TYPED: &str = "esp-typed";
/// A cookie that says which batch was packed last.
pub const BATCH: &str = "esp-batch";
/// A cookie that holds the language.
pub const LOCALE: &str = "esp-locale";
/// A cookie that holds the theme.
pub const THEME: &str = "esp-theme";
/// A cookie that holds the time zone of the browser, as IANA names it. Each page sets it: see `ssr/shell.rs`.
pub const ZONE: &str = "esp-zone";

/// The whole name of a session cookie. `__Host-` binds it to this host and to https; without https browsers refuse it.
pub fn name(cookie: &str, secure: bool) -> String {
    if secure { format!("__Host-{cookie}") } else { cookie.to_owned() }
}

/// The value of a cookie by its whole name.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// The two `Set-Cookie` values of a session. `now_ms` is the instant from which the ages count.
pub fn session(signed_in: &SignedIn, now_ms: i64, secure: bool) -> Vec<HeaderValue> {
    let age = |expires_ms: i64| expires_ms.saturating_sub(now_ms).max(0) / 1000;
    // The access cookie lives as long as the refresh cookie: an old token says whose session is to be renewed.
    let refresh_age = age(signed_in.refresh_expires_at.0);
    [
        line(&name(ACCESS, secure), signed_in.access_token.expose_secret(), refresh_age, secure, true),
        line(&name(REFRESH, secure), signed_in.refresh_token.expose_secret(), refresh_age, secure, true),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The `Set-Cookie` values that end a session in this browser. [`CLEAR`] goes with them.
pub fn ended(secure: bool) -> Vec<HeaderValue> {
    [ACCESS, REFRESH].into_iter().filter_map(|cookie| line(&name(cookie, secure), "", 0, secure, true)).collect()
}

/// Whether a `Set-Cookie` value is one of those.
pub fn ends(line: &HeaderValue) -> bool {
    line.to_str().is_ok_and(|line| line.contains("; Max-Age=0;"))
}

/// What an answer that ends a session says as `Clear-Site-Data`: pages that the browser remembers and books that wait to
/// be sent are nobody else's business. Cookies are left: they end above, and language and theme stay.
pub const CLEARED: HeaderValue = HeaderValue::from_static("\"cache\", \"storage\"");
/// The name of that header.
pub const CLEAR: HeaderName = HeaderName::from_static("clear-site-data");

/// Seconds that a value is kept that the next page needs: as long as a one-time code is waited for.
const SHORT_SECONDS: i64 = 300;

/// The `Set-Cookie` value of something that the next page needs and no script may read.
pub fn short_lived(cookie: &str, value: &str, secure: bool) -> Option<HeaderValue> {
    line(&name(cookie, secure), value, SHORT_SECONDS, secure, true)
}

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// The `Set-Cookie` value of something that is of interest for a day and that no script may read.
pub fn for_a_day(cookie: &str, value: &str, secure: bool) -> Option<HeaderValue> {
    line(&name(cookie, secure), value, DAY_SECONDS, secure, true)
}

/// The `Set-Cookie` value that takes it away again.
pub fn taken_away(cookie: &str, secure: bool) -> Option<HeaderValue> {
    line(&name(cookie, secure), "", 0, secure, true)
}

/// The `Set-Cookie` value of a choice of language or theme.
pub fn preference(cookie: &str, value: &str, secure: bool) -> Option<HeaderValue> {
    line(cookie, value, PREFERENCE_SECONDS, secure, false)
}

/// Adds `Set-Cookie` lines to the answer that is being made.
pub fn set(lines: impl IntoIterator<Item = HeaderValue>) {
    if let Some(response) = use_context::<ResponseOptions>() {
        for line in lines {
            response.append_header(header::SET_COOKIE, line);
        }
    }
}

fn line(name: &str, value: &str, seconds: i64, secure: bool, http_only: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let http_only = if http_only { "; HttpOnly" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; SameSite=Lax{secure}{http_only}");
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; xesp-theme=light;esp-theme=dark"));
        headers.append(header::COOKIE, HeaderValue::from_static("b=2"));
        assert_eq!(read(&headers, THEME), Some("dark"));
        assert_eq!(read(&headers, "b"), Some("2"));
        assert_eq!(read(&headers, "c"), None);
    }

    #[test]
    fn a_session_cookie_under_https_is_bound_to_its_host() {
        let lines = ended(true);
        assert_eq!(lines.len(), 2);
        for line in lines {
            let text = line.to_str().unwrap();
            assert!(text.starts_with("__Host-esp-"), "{text}");
            assert!(text.contains("; Secure") && text.contains("; HttpOnly") && text.contains("Max-Age=0"), "{text}");
            assert!(!text.contains("Domain"), "{text}");
        }
    }
}
