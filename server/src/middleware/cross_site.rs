//! Changes only from our own pages: the defence against requests that another site makes in a person's name.
//!
//! A browser sends cookies along by itself, a bearer token never; so the question is asked of whatever does not carry
//! a bearer token. `Sec-Fetch-Site` answers it on https and on this machine, `Origin` everywhere else.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::security_headers::own_origin;
use crate::{failure::ApiFailure, state::AppState};

/// Middleware: see the module.
pub async fn refuse_cross_site(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if is_ours(&state, request.method(), request.headers()) {
        next.run(request).await
    } else {
        ApiFailure::new(StatusCode::FORBIDDEN, "cross-site", "this change was asked for by another site")
            .into_response()
    }
}

fn is_ours(state: &AppState, method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) || has_bearer(headers) {
        return true;
    }
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("not text"));
    let has_cookie = headers.contains_key(header::COOKIE);
    match (text(header::HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN)) {
        // `none` is the person's own doing: a typed address, a bookmark.
        (Some("same-origin" | "none"), _) => true,
        (_, Some(origin)) if origin == own_origin(state, headers) => true,
        (_, Some(origin)) => !has_cookie && state.configuration.cors_origins.iter().any(|allowed| allowed == origin),
        // Another program than a browser. With a cookie it may be an old browser, so it does not pass.
        (None, None) => !has_cookie,
        (Some(_), None) => false,
    }
}

/// Whether the request carries its own proof instead of the browser's cookies.
pub fn has_bearer(headers: &HeaderMap) -> bool {
    bearer(headers).is_some()
}

/// The token of an `Authorization: Bearer` header.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}
