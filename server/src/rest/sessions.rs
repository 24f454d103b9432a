//! Signing in for programs: a name and a password for a bearer token.

use app::ssr::context::Visitor;
use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use service::{Failure, FailureKind, SecretString, SignIn, Timestamp};

use crate::{
    failure::{ApiFailure, ApiResult},
    input::JsonBody,
    state::AppState,
    visitor::SignedInActor,
};

/// What a program signs in with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    username: String,
    password: SecretString,
    /// A one-time code, where one is asked for.
    #[serde(default)]
    code: Option<SecretString>,
}

/// The token of a new session. There is no refresh token: a program signs in again.
#[derive(Serialize)]
pub(super) struct Session {
    access_token: String,
    token_type: &'static str,
    /// Milliseconds since 1970.
    expires_at: Timestamp,
}

/// `POST /api/v1/sessions`.
pub(super) async fn sign_in(
    State(state): State<AppState>,
    Extension(visitor): Extension<Visitor>,
    JsonBody(Credentials { username, password, code }): JsonBody<Credentials>,
) -> ApiResult<(StatusCode, [(HeaderName, &'static str); 1], Json<Session>)> {
    let accounts = state.services.accounts();
    let begun = accounts.begin_sign_in(&username, &password, &visitor.client, None).await.map_err(refused)?;
    let signed_in = match (begun, code) {
        (SignIn::Done(signed_in), _) => *signed_in,
        (SignIn::CodeNeeded(challenge), Some(code)) => {
            let (challenge, code) = (challenge.expose_secret(), code.expose_secret());
            accounts.finish_sign_in(challenge, code, &visitor.client, None).await.map_err(refused)?
        }
        (SignIn::CodeNeeded(_), None) => return Err(refused(Failure::conflict("code-required", []))),
    };
    let session = Session {
        access_token: signed_in.access_token.expose_secret().to_owned(),
        token_type: "Bearer",
        expires_at: signed_in.access_expires_at,
    };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(session)))
}

/// Wrong credentials are 401 for a program.
fn refused(failure: Failure) -> ApiFailure {
    match failure.kind {
        FailureKind::Conflict(code @ "wrong-credentials", _) => {
            ApiFailure::new(StatusCode::UNAUTHORIZED, code, "no such name, or another password")
        }
        FailureKind::Conflict(code @ ("wrong-code" | "code-required"), _) => {
            ApiFailure::new(StatusCode::UNAUTHORIZED, code, "send the one-time code as `code`")
        }
        _ => failure.into(),
    }
}

/// `DELETE /api/v1/sessions`: ends the session of the token.
pub(super) async fn sign_out(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
) -> ApiResult<StatusCode> {
    state.services.accounts().sign_out(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
