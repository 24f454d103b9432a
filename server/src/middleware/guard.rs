//! Where strangers may be. Everything that is not listed here asks for a session, before a page is begun: a redirect that
//! a page makes for itself carries the page along.

use app::model::paths;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

use crate::{failure::ApiFailure, state::AppState};

/// Paths that answer without a session and do not even look for one.
pub const PROBES: [&str; 4] = ["/api/health", "/api/health/live", "/api/health/ready", "/metrics"];

/// Pages and addresses that strangers may use. Each takes exactly this path.
pub const PUBLIC: [&str; 17] = [
    "/sign-in",
    "/sign-in/code",
    "/reset",
    // Whoever reads the letter may be signed in elsewhere, or nowhere.
    "/confirm-email",
    "/forgotten",
    "/setup",
    // Who was given a package may have no account, and nothing of it is sent.
    "/verify",
    // Whoever was given a link to a release compares a package with it.
    "/verify/release",
    "/api/app/sign-in",
    "/api/app/sign-in-code",
    "/api/app/reset-password",
    "/api/app/confirm-email",
    "/api/app/ask-for-letter",
    "/api/app/set-up",
    "/api/app/set-locale",
    "/api/app/set-theme",
    "/api/v1/sessions",
];

/// What must not stand plainly in the value of a query.
const QUERY_VALUE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'&').add(b'+').add(b'%').add(b'<').add(b'>').add(b'=').add(b'?');

/// Whether the answer is the same for everybody: files of the site and probes.
pub fn needs_nobody(state: &AppState, request: &Request) -> bool {
    let path = request.uri().path();
    PROBES.contains(&path) || matches!(*request.method(), Method::GET | Method::HEAD) && state.assets.contains(path)
}

/// Whether a stranger may make this request.
pub fn is_public(state: &AppState, request: &Request) -> bool {
    let path = request.uri().path();
    needs_nobody(state, request)
        || PUBLIC.contains(&path)
        || *request.method() == Method::OPTIONS && path.starts_with("/api/v1/uploads")
}

/// The answer to a stranger: the way to sign in for a person, 401 for a program.
pub fn refuse(request: &Request) -> Response {
    let path = request.uri().path();
    let is_api = path.starts_with("/api/");
    if wants_page(request) && matches!(*request.method(), Method::GET | Method::HEAD) && !is_api {
        let here = request.uri().path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
        return redirect(StatusCode::FOUND, here);
    }
    if wants_page(request) && !path.starts_with("/api/v1/") {
        // A form without script: back to its own page once signed in. What was typed is gone, as with any expired form.
        let page = referring_page(request.headers()).unwrap_or_else(|| "/".to_owned());
        return redirect(StatusCode::SEE_OTHER, &page);
    }
    if is_api && !path.starts_with("/api/v1/") {
        // The interface's own calls understand its own error.
        let error = app::error::AppError::SignedOut;
        return (StatusCode::UNAUTHORIZED, axum::Json(error)).into_response();
    }
    ApiFailure::signed_out().into_response()
}

/// Whether a person waits for a page, rather than a script for data.
pub fn wants_page(request: &Request) -> bool {
    request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// An empty answer that leads to the sign-in page and back to `here` afterwards.
fn redirect(status: StatusCode, here: &str) -> Response {
    let location = if here == "/" || !paths::is_local(here) {
        paths::SIGN_IN.to_owned()
    } else {
        format!("{}?return={}", paths::SIGN_IN, utf8_percent_encode(here, QUERY_VALUE))
    };
    let mut response = status.into_response();
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn referring_page(headers: &HeaderMap) -> Option<String> {
    let url = Url::parse(headers.get(header::REFERER)?.to_str().ok()?).ok()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{query}", url.path()))
}
