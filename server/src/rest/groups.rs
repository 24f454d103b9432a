//! Groups and profiles.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use service::{Group, GroupId, GroupWithMembers, UserId, profiles::ProfileSummary};

use crate::{
    failure::ApiResult,
    input::JsonBody,
    state::AppState,
    visitor::{PathParts, Reading, SignedInActor},
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

/// Who is to be in a group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Members {
    members: Vec<UserId>,
    /// The members that the change was made from; refused when there are others by now.
    seen: Option<Vec<UserId>>,
}

/// `GET /api/v1/groups/members`: one's groups with who is in them.
pub(super) async fn members(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
) -> ApiResult<Json<Vec<GroupWithMembers>>> {
    Ok(Json(state.services.groups().with_members(&actor).await?))
}

/// `PUT /api/v1/groups/{id}/members`: these and no others.
pub(super) async fn set_members(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<GroupId>,
    JsonBody(Members { members, seen }): JsonBody<Members>,
) -> ApiResult<StatusCode> {
    state.services.groups().set_members(&actor, id, &members, seen.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How much a group may keep.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Quota {
    /// `null` takes the limit away; it is never left out by mistake.
    #[serde(deserialize_with = "Option::deserialize")]
    quota_bytes: Option<u64>,
}

/// `PUT /api/v1/groups/{id}/quota`: so many bytes, or as many as there is room for.
pub(super) async fn set_quota(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<GroupId>,
    JsonBody(Quota { quota_bytes }): JsonBody<Quota>,
) -> ApiResult<StatusCode> {
    state.services.quotas().set(&actor, id, quota_bytes, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/profiles`.
pub(super) async fn profiles(
    Reading(services): Reading,
    SignedInActor(actor): SignedInActor,
) -> ApiResult<Json<Vec<ProfileSummary>>> {
    Ok(Json(services.profiles().list(&actor).await?))
}

/// `DELETE /api/v1/profiles/{name}`: nobody can choose it any more.
pub(super) async fn delete_profile(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(name): PathParts<String>,
) -> ApiResult<StatusCode> {
    state.services.profiles().delete(&actor, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/profiles/{name}/restore`: it can be chosen again.
pub(super) async fn restore_profile(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(name): PathParts<String>,
) -> ApiResult<StatusCode> {
    state.services.profiles().restore(&actor, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
