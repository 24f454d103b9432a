//! Groups and profiles.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use service::{Group, profiles::ProfileSummary};

use crate::{
    failure::ApiResult,
    input::JsonBody,
    state::AppState,
    visitor::{Reading, SignedInActor},
};

/// What a group is made of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewGroup {
    tag: String,
}

/// `GET /api/v1/groups`.
pub(super) async fn list(
    Reading(services): Reading,
    SignedInActor(actor): SignedInActor,
) -> ApiResult<Json<Vec<Group>>> {
    Ok(Json(services.groups().list(&actor).await?))
}

/// `POST /api/v1/groups`.
pub(super) async fn create(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    JsonBody(new): JsonBody<NewGroup>,
) -> ApiResult<(StatusCode, Json<Group>)> {
    Ok((StatusCode::CREATED, Json(state.services.groups().create(&actor, &new.tag).await?)))
}

/// `GET /api/v1/profiles`.
pub(super) async fn profiles(
    Reading(services): Reading,
    SignedInActor(actor): SignedInActor,
) -> ApiResult<Json<Vec<ProfileSummary>>> {
    Ok(Json(services.profiles().list(&actor).await?))
}
