//! Books that contributors sent in.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use service::{GroupId, InboxEntry, InboxId, InboxQuery, Page, ReleaseId};

use crate::{
    failure::ApiResult,
    input::{JsonBody, QueryParts},
    state::AppState,
    visitor::{PathParts, SignedInActor},
};

/// For which group a book is taken over.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Taking {
    group: Option<GroupId>,
}

/// What is said to a book that is declined.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Declining {
    note: String,
}

/// The release that a book has become.
#[derive(Serialize)]
pub(super) struct Taken {
    release: ReleaseId,
}

/// `GET /api/v1/inbox`.
pub(super) async fn list(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    QueryParts(query): QueryParts<InboxQuery>,
) -> ApiResult<Json<Page<InboxEntry>>> {
    Ok(Json(state.services.inbox().list(&actor, &query).await?))
}

/// `POST /api/v1/inbox/{id}/take`.
pub(super) async fn take(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<InboxId>,
    JsonBody(Taking { group }): JsonBody<Taking>,
) -> ApiResult<Json<Taken>> {
    Ok(Json(Taken { release: state.services.inbox().take(&actor, id, group).await? }))
}

/// `POST /api/v1/inbox/{id}/decline`.
pub(super) async fn decline(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<InboxId>,
    JsonBody(Declining { note }): JsonBody<Declining>,
) -> ApiResult<StatusCode> {
    state.services.inbox().decline(&actor, id, &note).await?;
    Ok(StatusCode::NO_CONTENT)
}
