//! Jobs.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use service::{Job, JobId, JobQuery, LogLine, Page};

use crate::{
    failure::ApiResult,
    input::QueryParts,
    state::AppState,
    visitor::{PathParts, Reading, SignedInActor},
};

/// Which lines of a log.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LogQuery {
    after: u64,
}

/// `GET /api/v1/jobs`.
pub(super) async fn list(
    Reading(services): Reading,
    SignedInActor(actor): SignedInActor,
    QueryParts(query): QueryParts<JobQuery>,
) -> ApiResult<Json<Page<Job>>> {
    Ok(Json(services.jobs().list(&actor, &query).await?))
}

/// `GET /api/v1/jobs/{id}`.
pub(super) async fn show(
    Reading(services): Reading,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<JobId>,
) -> ApiResult<Json<Job>> {
    Ok(Json(services.jobs().lookup(&actor, id).await?))
}

/// `GET /api/v1/jobs/{id}/log`.
pub(super) async fn log(
    Reading(services): Reading,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<JobId>,
    QueryParts(LogQuery { after }): QueryParts<LogQuery>,
) -> ApiResult<Json<Vec<LogLine>>> {
    Ok(Json(services.jobs().log(&actor, id, after).await?))
}

/// `POST /api/v1/jobs/{id}/retry`.
pub(super) async fn retry(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<JobId>,
) -> ApiResult<StatusCode> {
    state.services.jobs().retry(&actor, id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// `POST /api/v1/jobs/{id}/cancel`.
pub(super) async fn cancel(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<JobId>,
) -> ApiResult<StatusCode> {
    state.services.jobs().cancel(&actor, id).await?;
    Ok(StatusCode::ACCEPTED)
}
