//! How the node is, for people, load balancers and Prometheus.

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use service::HealthStatus;

use crate::state::AppState;

/// `GET /api/health`: every part. 503 when the node cannot do its work, so that a check needs no JSON.
pub(crate) async fn health(State(state): State<AppState>) -> Response {
    let health = state.services.health().check().await;
    let status = match health.status {
        HealthStatus::Healthy | HealthStatus::Degraded => StatusCode::OK,
        HealthStatus::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
    };
    uncached((status, Json(health)))
}

/// `GET /api/health/live`: the process answers. Restarting it would help nothing that this does not say.
pub(crate) async fn live() -> Response {
    uncached(Json(json!({ "status": "live" })))
}

/// `GET /api/health/ready`: whether to send requests here. Not while leaving, and not without the database.
pub(crate) async fn ready(State(state): State<AppState>) -> Response {
    if state.drain.has_begun() {
        return uncached((StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "leaving" }))));
    }
    match state.services.health().check().await.services.database {
        HealthStatus::Unhealthy => {
            uncached((StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "database-unavailable" }))))
        }
        HealthStatus::Healthy | HealthStatus::Degraded => uncached(Json(json!({ "status": "ready" }))),
    }
}

/// `GET /metrics`, in the text format of Prometheus.
pub(crate) async fn metrics(State(state): State<AppState>) -> Response {
    let health = state.services.health().check().await;
    crate::metrics::observe_node(&health);
    let text = state.metrics.0.render();
    uncached(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}

fn uncached(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
