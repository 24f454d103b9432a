//! People and roles.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use service::{
    Action, Exception, Grants, GroupId, NewUser, Resource, RightsChange, Role, RoleSummary, SecretString, Timestamp,
    UserDetails, UserId, UserSummary,
};

use crate::{
    failure::ApiResult,
    input::JsonBody,
    state::AppState,
    visitor::{PathParts, SignedInActor},
};

/// What a person is made of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserToBe {
    username: String,
    display_name: String,
    password: SecretString,
    #[serde(default)]
    email: String,
    role: Role,
    #[serde(default)]
    groups: Vec<GroupId>,
}

/// What somebody may do, or may not, whatever their roles say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExceptionToBe {
    resource: Resource,
    action: Action,
    allowed: bool,
}

/// Other rights of a person, all of them, and whether they are let in. What is absent stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserChange {
    roles: Option<Vec<Role>>,
    groups: Option<Vec<GroupId>>,
    exceptions: Option<Vec<ExceptionToBe>>,
    /// The `rights_state` that the change was made from; refused when there is another by now.
    rights_state: Option<String>,
    active: Option<bool>,
    /// Where they are written to; empty for nowhere.
    email: Option<String>,
    /// One's own password, which another address asks for.
    #[serde(default)]
    current: SecretString,
}

/// One's own password, for what opens the account of somebody.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WithPassword {
    current: SecretString,
}

/// The id of what was made.
#[derive(Serialize)]
pub(super) struct Made {
    id: UserId,
}

/// A link with which a person chooses a new password: the one time that it can be read.
#[derive(Serialize)]
pub(super) struct MadeLink {
    url: String,
    expires_at: Timestamp,
}

/// A role as a program writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleToBe {
    #[serde(default)]
    name: String,
    #[serde(default)]
    all_groups: bool,
    grants: Grants,
}

/// `GET /api/v1/users`.
pub(super) async fn list(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
) -> ApiResult<Json<Vec<UserSummary>>> {
    Ok(Json(state.services.accounts().users(&actor).await?))
}

/// `POST /api/v1/users`.
pub(super) async fn create(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    JsonBody(UserToBe { username, display_name, password, email, role, groups }): JsonBody<UserToBe>,
) -> ApiResult<(StatusCode, Json<Made>)> {
    let new = NewUser { username, display_name, password, email, role, groups };
    let id = state.services.accounts().create_user(&actor, new).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// `GET /api/v1/users/{id}`.
pub(super) async fn show(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<UserId>,
) -> ApiResult<Json<UserDetails>> {
    Ok(Json(state.services.accounts().user(&actor, id).await?))
}

/// `PATCH /api/v1/users/{id}`.
pub(super) async fn change(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<UserId>,
    JsonBody(change): JsonBody<UserChange>,
) -> ApiResult<Json<UserDetails>> {
    let accounts = state.services.accounts();
    let UserChange { roles, groups, exceptions, rights_state, active, email, current } = change;
    // First what asks for the password: a wrong one changes nothing.
    if let Some(email) = email {
        accounts.set_email_of(&actor, &current, id, &email).await?;
    }
    if roles.is_some() || groups.is_some() || exceptions.is_some() {
        let exceptions = exceptions.map(|exceptions| exceptions.into_iter().map(Exception::from).collect());
        accounts.set_rights(&actor, id, RightsChange { roles, groups, exceptions, seen: rights_state }).await?;
    }
    if let Some(active) = active {
        accounts.set_active(&actor, id, active).await?;
    }
    Ok(Json(accounts.user(&actor, id).await?))
}

/// `POST /api/v1/users/{id}/reset-letter`: the same by mail.
pub(super) async fn reset_letter(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<UserId>,
) -> ApiResult<StatusCode> {
    state.services.letters().send_to(&actor, id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// `POST /api/v1/users/{id}/reset-link`.
pub(super) async fn reset_link(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<UserId>,
    JsonBody(WithPassword { current }): JsonBody<WithPassword>,
) -> ApiResult<(StatusCode, [(HeaderName, &'static str); 1], Json<MadeLink>)> {
    let link = state.services.accounts().make_reset_link(&actor, &current, id).await?;
    let url = format!("{}/reset?token={}", state.configuration.public_url, link.token.expose_secret());
    let link = MadeLink { url, expires_at: link.expires_at };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(link)))
}

/// `DELETE /api/v1/users/{id}/codes`.
pub(super) async fn end_codes(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<UserId>,
    JsonBody(WithPassword { current }): JsonBody<WithPassword>,
) -> ApiResult<StatusCode> {
    state.services.accounts().end_codes_of(&actor, &current, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/roles`.
pub(super) async fn roles(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
) -> ApiResult<Json<Vec<RoleSummary>>> {
    Ok(Json(state.services.roles().list(&actor).await?))
}

/// `POST /api/v1/roles`.
pub(super) async fn create_role(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    JsonBody(RoleToBe { name, all_groups, grants }): JsonBody<RoleToBe>,
) -> ApiResult<(StatusCode, Json<Role>)> {
    Ok((StatusCode::CREATED, Json(state.services.roles().create(&actor, &name, all_groups, grants).await?)))
}

/// `PUT /api/v1/roles/{name}`. The name in the address is the one that counts.
pub(super) async fn change_role(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(role): PathParts<Role>,
    JsonBody(RoleToBe { all_groups, grants, .. }): JsonBody<RoleToBe>,
) -> ApiResult<StatusCode> {
    state.services.roles().change(&actor, &role, all_groups, grants).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/v1/roles/{name}`.
pub(super) async fn delete_role(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(role): PathParts<Role>,
) -> ApiResult<StatusCode> {
    state.services.roles().delete(&actor, &role).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<ExceptionToBe> for Exception {
    fn from(ExceptionToBe { resource, action, allowed }: ExceptionToBe) -> Self {
        Self { resource, action, allowed }
    }
}
