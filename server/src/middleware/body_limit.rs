//! The most bytes that a request may carry, for everything but uploads, which count for themselves.

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::Limited;

use crate::failure::ApiFailure;

/// Two mebibytes: the largest forms are templates, of some kilobytes.
pub const BODY_LIMIT: u64 = 2 * 1024 * 1024;

/// Middleware: refuses a body that announces too much, and cuts one that turns out to be.
pub async fn limit_body(request: Request, next: Next) -> Response {
    if request.body().size_hint().lower() > BODY_LIMIT {
        return ApiFailure::too_large(BODY_LIMIT).into_response();
    }
    let limit = usize::try_from(BODY_LIMIT).unwrap_or(usize::MAX);
    next.run(request.map(|body| Body::new(Limited::new(body, limit)))).await
}
