//! The plain page for when no other page can be made: it depends on nothing that may have failed.

use app::{model::locale::Locale, ssr::preferences::Preferences};
use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

struct Words {
    title: &'static str,
    what: &'static str,
    next: &'static str,
    back: &'static str,
}

const fn words_of(locale: Locale, unavailable: bool) -> Words {
    match (locale, unavailable) {
        (Locale::English, false) => Words {
            title: "This page could not be made",
            what: "The server met a fault of its own. Nothing you entered elsewhere is lost.",
            next: "Try again. If it stays, give this number to whoever runs the server:",
            back: "Back to the start",
        },
        (Locale::English, true) => Words {
            title: "Not available just now",
            what: "The server cannot reach its data at the moment. Nothing is lost.",
            next: "Try again in a minute. If it stays, give this number to whoever runs the server:",
            back: "Back to the start",
        },
        (Locale::French, false) => Words {
            title: "Cette page n’a pas pu être préparée",
            what: "Le serveur a rencontré une erreur de sa part. Rien de ce que vous avez saisi ailleurs n’est perdu.",
            next: "Réessayez. Si cela persiste, donnez ce numéro à la personne qui gère le serveur\u{a0}:",
            back: "Retour au début",
        },
        (Locale::French, true) => Words {
            title: "Indisponible pour l’instant",
            what: "Le serveur ne peut pas joindre ses données en ce moment. Rien n’est perdu.",
            next: "Réessayez dans une minute. Si cela persiste, donnez ce numéro à la personne qui gère le serveur\u{a0}:",
            back: "Retour au début",
        },
    }
}

/// The page for a fault of ours. `incident` is found in the log.
pub(crate) fn unforeseen(headers: &HeaderMap, incident: &str) -> Response {
    page(StatusCode::INTERNAL_SERVER_ERROR, headers, incident, false)
}

/// The page for when the data cannot be reached.
pub(crate) fn unavailable(headers: &HeaderMap, incident: &str) -> Response {
    page(StatusCode::SERVICE_UNAVAILABLE, headers, incident, true)
}

fn page(status: StatusCode, headers: &HeaderMap, incident: &str, is_unavailable: bool) -> Response {
    let locale = Preferences::read(headers, None).locale;
    let Words { title, what, next, back } = words_of(locale, is_unavailable);
    let language = locale.tag();
    let html = format!(
        "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title></head>\
         <body><main><h1>{title}</h1><p>{what}</p><p>{next} <code>{incident}</code></p>\
         <p><a href=\"/\">{back}</a></p></main></body></html>"
    );
    (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}
