//! One line in the log and one observation in the metrics for each request, under an id that the answer carries.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;

use crate::{middleware::client, state::AppState};

/// The header of the id.
const REQUEST_ID: &str = "x-request-id";

/// Longest id taken over from a proxy.
const LONGEST_ID: usize = 64;

/// The id of a request, in its extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Middleware: see the module.
pub async fn observe(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = request_id(&state, &request);
    let method = request.method().clone();
    // The pattern, never the address itself: an address may hold a name or a token, and would make endless series.
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id, %method, route, status = tracing::field::Empty);

    let mut response = service::request::within(id.clone(), next.run(request)).instrument(span.clone()).await;

    let status = response.status().as_u16();
    let seconds = begun.elapsed().as_secs_f64();
    let labels = [("method", method.as_str().to_owned()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", "method" => labels[0].1.clone(), "route" => route.clone())
        .record(seconds);
    let _entered = span.enter();
    if is_probe(&route) {
        tracing::debug!(status, seconds, "answered");
    } else {
        tracing::info!(status, seconds, "answered");
    }
    // Behind the line, which says it already: for traces.
    span.record("status", status);
    if let Ok(value) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Asked every few seconds by machines: at the usual level they would fill the log.
fn is_probe(route: &str) -> bool {
    route.starts_with("/api/health") || route == "/metrics"
}

/// The id a trusted proxy gave, so that its log and ours agree; else a new one.
fn request_id(state: &AppState, request: &Request) -> String {
    let trusted = &state.configuration.trusted_proxies;
    let peer = request.extensions().get::<axum::extract::ConnectInfo<crate::drain::Peer>>();
    let from_proxy = peer.is_some_and(|info| {
        let address = info.0.0.ip();
        trusted.iter().any(|network| network.contains(&address))
    });
    let given = || request.headers().get(REQUEST_ID)?.to_str().ok().filter(|id| is_harmless(id));
    match from_proxy.then(given).flatten() {
        Some(id) => id.to_owned(),
        None => crate::incident::new_id(),
    }
}

fn is_harmless(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The client of a request, for callers that have the state at hand.
pub fn client_of(state: &AppState, extensions: &axum::http::Extensions, headers: &HeaderMap) -> service::Client {
    client::of(extensions, headers, &state.configuration.trusted_proxies)
}
