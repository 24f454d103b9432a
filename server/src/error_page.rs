//! The plain page for when no other page can be made: it depends on nothing that may have failed, only on what is
//! part of the program.

use std::sync::LazyLock;

use app::{model::theme::Theme, ssr::preferences::Preferences, texts::Texts};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// The style of every page that stands alone, nginx's too. In the page itself: who is refused for asking too much would
/// be refused a file as well.
const STYLE: &str = include_str!("../../nginx/errors/error.css");

/// Allows that style and the icon of the site: no script, no form.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src 'self'; \
         style-src 'sha256-{style}'"
    )
});

/// What a page is about.
#[derive(Debug, Clone, Copy)]
enum About {
    /// A fault of ours.
    Fault,
    /// Data that cannot be reached.
    Unavailable,
    /// Too much that was asked for.
    Busy,
}

impl About {
    /// What its texts in the catalogue begin with.
    fn word(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::Unavailable => "unavailable",
            Self::Busy => "busy",
        }
    }
}

/// The page for a fault of ours. `incident` is found in the log.
pub(crate) fn unforeseen(headers: &HeaderMap, incident: &str) -> Response {
    page(StatusCode::INTERNAL_SERVER_ERROR, headers, Some(incident), About::Fault)
}

/// The page for when the data cannot be reached.
pub(crate) fn unavailable(headers: &HeaderMap, incident: &str) -> Response {
    page(StatusCode::SERVICE_UNAVAILABLE, headers, Some(incident), About::Unavailable)
}

/// The page for when too much is asked for. No fault of ours, so nothing to find in the log.
pub(crate) fn busy(headers: &HeaderMap, retry_after_s: u64) -> Response {
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, headers, None, About::Busy);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s.max(1)));
    response
}

fn page(status: StatusCode, headers: &HeaderMap, incident: Option<&str>, about: About) -> Response {
    let Preferences { locale, theme, .. } = Preferences::read(headers, None);
    let texts = Texts::of(locale);
    let [title, what, next] =
        ["title", "what", "next"].map(|part| texts.word("last-resort", &format!("{}-{part}", about.word())));
    let back = texts.word("last-resort", "back");
    let incident = incident.map(|incident| format!(" <code>{incident}</code>")).unwrap_or_default();
    let language = locale.tag();
    let theme = match theme {
        Theme::System => String::new(),
        Theme::Light | Theme::Dark => format!(" data-theme=\"{}\"", theme.word()),
    };
    let html = format!(
        "<!DOCTYPE html><html lang=\"{language}\"{theme}><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1><p>{what}</p><p>{next}{incident}</p>\
         <p><a href=\"/\">{back}</a></p></main></body></html>"
    );
    let policy = HeaderValue::from_static(&POLICY);
    (
        status,
        [(header::CACHE_CONTROL, HeaderValue::from_static("no-store")), (header::CONTENT_SECURITY_POLICY, policy)],
        Html(html),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn the_policy_allows_the_style_of_the_page_and_no_other() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("esp-theme=dark"));
        let response = busy(&headers, 0);
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
        let body = to_bytes(response.into_body(), 64 * 1024).await.unwrap();
        let page = std::str::from_utf8(&body).unwrap();
        let style = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        let hash = STANDARD.encode(Sha256::digest(style));
        assert_eq!(policy.split("style-src ").nth(1), Some(format!("'sha256-{hash}'").as_str()));
        assert!(page.contains("<html lang=\"en\" data-theme=\"dark\">"), "{page}");
    }
}
