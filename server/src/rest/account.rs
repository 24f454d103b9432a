//! One's own sessions and personal tokens.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use service::{ApiToken, Device, EmailChange, SecretString, SessionId, TokenId, TokenScope};

use crate::{
    failure::ApiResult,
    input::JsonBody,
    state::AppState,
    visitor::{PathParts, SignedInActor},
};

/// What a token is made of, and the password of who makes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenToBe {
    name: String,
    scope: TokenScope,
    days: u32,
    current: SecretString,
}

/// An address, and the password of who gives it to themselves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EmailToBe {
    email: String,
    current: SecretString,
}

/// A token, the one time that it can be read.
#[derive(Serialize)]
pub(super) struct MadeToken {
    #[serde(flatten)]
    token: ApiToken,
    secret: String,
}

/// `GET /api/v1/account/sessions`.
pub(super) async fn sessions(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
) -> ApiResult<Json<Vec<Device>>> {
    Ok(Json(state.services.accounts().devices(&actor).await?))
}

/// `DELETE /api/v1/account/sessions/{id}`.
pub(super) async fn end_session(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<SessionId>,
) -> ApiResult<StatusCode> {
    state.services.accounts().end_device(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/v1/account/sessions`: every one but the present one.
pub(super) async fn end_other_sessions(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
) -> ApiResult<StatusCode> {
    state.services.accounts().end_other_devices(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/v1/account/email`: where one is written to; empty for nowhere. 202 while it waits to be confirmed.
pub(super) async fn set_email(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    JsonBody(EmailToBe { email, current }): JsonBody<EmailToBe>,
) -> ApiResult<StatusCode> {
    let change = state.services.accounts().set_own_email(&actor, &current, &email).await?;
    Ok(if change == EmailChange::Done { StatusCode::NO_CONTENT } else { StatusCode::ACCEPTED })
}

/// `GET /api/v1/account/tokens`.
pub(super) async fn tokens(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
) -> ApiResult<Json<Vec<ApiToken>>> {
    Ok(Json(state.services.accounts().tokens(&actor).await?))
}

/// `POST /api/v1/account/tokens`.
pub(super) async fn create_token(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    JsonBody(TokenToBe { name, scope, days, current }): JsonBody<TokenToBe>,
) -> ApiResult<(StatusCode, [(HeaderName, &'static str); 1], Json<MadeToken>)> {
    let made = state.services.accounts().create_token(&actor, &current, &name, scope, days).await?;
    let made = MadeToken { token: made.token, secret: made.secret.expose_secret().to_owned() };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(made)))
}

/// `DELETE /api/v1/account/tokens/{id}`.
pub(super) async fn end_token(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    PathParts(id): PathParts<TokenId>,
) -> ApiResult<StatusCode> {
    state.services.accounts().end_token(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
