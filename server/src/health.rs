//! How the node is, for people, load balancers and Prometheus.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;
use service::{HealthStatus, Timestamp};
use store::Store;
use tokio::sync::Mutex;

use crate::state::AppState;

/// The routes, without guard and session: who asks is a machine.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/health", get(health))
        .route("/api/health/live", get(live))
        .route("/api/health/ready", get(ready))
        .route("/metrics", get(metrics))
}

/// Somebody who was seen so lately is counted as active.
const ACTIVE: Duration = Duration::from_mins(15);

/// Counting the tables costs more than a scrape every few seconds should.
const COUNT_EVERY: Duration = Duration::from_secs(30);

/// The tables, counted for the metrics at most every half minute. Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct TableCounts {
    store: Store,
    counted_at: Arc<Mutex<Option<Instant>>>,
}

impl TableCounts {
    /// Those of a database.
    pub fn new(store: Store) -> Self {
        Self { store, counted_at: Arc::default() }
    }

    /// Puts the counts into the metrics, when the last ones are old enough. `now_ms` is milliseconds since 1970.
    async fn refresh(&self, now_ms: i64) {
        let mut counted_at = self.counted_at.lock().await;
        if counted_at.is_some_and(|at| at.elapsed() < COUNT_EVERY) {
            return;
        }
        match self.store.statistics(Timestamp(now_ms).before(ACTIVE)).await {
            Ok(statistics) => {
                crate::metrics::observe_tables(&statistics);
                *counted_at = Some(Instant::now());
            }
            // Health says loudly enough that the database is away.
            Err(error) => tracing::debug!(%error, "the tables were not counted"),
        }
    }
}

/// `GET /api/health`: every part. 503 when the node cannot do its work, so that a check needs no JSON.
async fn health(State(state): State<AppState>) -> Response {
    let health = state.services.health().check().await;
    let status = match health.status {
        HealthStatus::Healthy | HealthStatus::Degraded => StatusCode::OK,
        HealthStatus::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
    };
    uncached((status, Json(health)))
}

/// `GET /api/health/live`: the process answers. Restarting it would help nothing that this does not say.
async fn live() -> Response {
    uncached(Json(json!({ "status": "live" })))
}

/// `GET /api/health/ready`: whether to send requests here. Not while leaving, and not without the database.
async fn ready(State(state): State<AppState>) -> Response {
    if state.drain.has_begun() {
        return uncached((StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "leaving" }))));
    }
    if state.services.health().check().await.services.database == HealthStatus::Unhealthy {
        return uncached((StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "database-unavailable" }))));
    }
    uncached(Json(json!({ "status": "ready" })))
}

/// `GET /metrics`, in the text format of Prometheus.
async fn metrics(State(state): State<AppState>) -> Response {
    let health = state.services.health().check().await;
    crate::metrics::observe_node(&health);
    crate::metrics::observe_connections(state.services.database_connections());
    let is_ready = !state.drain.has_begun() && health.services.database != HealthStatus::Unhealthy;
    crate::metrics::observe_readiness(is_ready);
    if health.services.database != HealthStatus::Unhealthy {
        state.table_counts.refresh(state.clock.now_ms()).await;
    }
    let text = state.metrics.0.render();
    uncached(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}

fn uncached(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
