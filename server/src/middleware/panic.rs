//! A panic becomes an answer with an incident id, and the server goes on.

use std::{any::Any, panic::AssertUnwindSafe};

use axum::{
    extract::Request,
    http::{StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;

use crate::{error_page, failure::ApiFailure, incident};

/// Middleware: see the module.
pub async fn catch_panic(request: Request, next: Next) -> Response {
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    // Unwind safe: what the request held is dropped with it, and shared state sits behind locks that recover.
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            let incident = incident::new_id();
            tracing::error!(incident, panic = message(panic.as_ref()), "a handler panicked");
            metrics::counter!("panics_total").increment(1);
            answer(&uri, &headers, incident)
        }
    }
}

fn answer(uri: &Uri, headers: &axum::http::HeaderMap, incident: String) -> Response {
    let wants_page = headers
        .get(header::ACCEPT)
        .is_some_and(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")));
    if wants_page && !uri.path().starts_with("/api/") {
        return error_page::unforeseen(headers, &incident);
    }
    ApiFailure::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "the server made a mistake; the incident is in its log",
    )
    .with("incident", incident)
    .into_response()
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
