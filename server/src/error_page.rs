//! The plain page for when no other page can be made: it depends on nothing that may have failed.

use std::sync::LazyLock;

use app::{
    model::{locale::Locale, theme::Theme},
    ssr::preferences::Preferences,
};
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

struct Words {
    title: &'static str,
    what: &'static str,
    next: &'static str,
    back: &'static str,
}

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

const fn words_of(locale: Locale, about: About) -> Words {
    match (locale, about) {
        (Locale::English, About::Fault) => Words {
            title: "This page could not be made",
            what: "The server met a fault of its own. Nothing you entered elsewhere is lost.",
            next: "Try again. If it stays, give this number to whoever runs the server:",
            back: "Back to the start",
        },
        (Locale::English, About::Unavailable) => Words {
            title: "Not available just now",
            what: "The server cannot reach its data at the moment. Nothing is lost.",
            next: "Try again in a minute. If it stays, give this number to whoever runs the server:",
            back: "Back to the start",
        },
        (Locale::English, About::Busy) => Words {
            title: "Too much at once",
            what: "More was asked for from here than the server answers at once. Nothing is lost, and you are still signed in.",
            next: "Try again in a moment.",
            back: "Back to the start",
        },
        (Locale::French, About::Fault) => Words {
            title: "Cette page n’a pas pu être préparée",
            what: "Le serveur a rencontré une erreur de sa part. Rien de ce que vous avez saisi ailleurs n’est perdu.",
            next: "Réessayez. Si cela persiste, donnez ce numéro à la personne qui gère le serveur\u{a0}:",
            back: "Retour au début",
        },
        (Locale::French, About::Unavailable) => Words {
            title: "Indisponible pour l’instant",
            what: "Le serveur ne peut pas joindre ses données en ce moment. Rien n’est perdu.",
            next: "Réessayez dans une minute. Si cela persiste, donnez ce numéro à la personne qui gère le serveur\u{a0}:",
            back: "Retour au début",
        },
        (Locale::French, About::Busy) => Words {
            title: "Trop à la fois",
            what: "Plus de demandes sont venues d’ici que le serveur n’en traite à la fois. Rien n’est perdu, et vous restez connecté.",
            next: "Réessayez dans un instant.",
            back: "Retour au début",
        },
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
    let Words { title, what, next, back } = words_of(locale, about);
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
