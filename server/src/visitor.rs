//! The one who is signed in, as an argument of a handler.

use app::ssr::context::Visitor;
use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use service::{Actor, Services};

use crate::{failure::ApiFailure, state::AppState};

/// The actor of a request. The session middleware has refused strangers before; that a handler asks again means that
/// no route can lose its guard by moving.
#[derive(Debug, Clone)]
pub(crate) struct SignedInActor(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for SignedInActor {
    type Rejection = ApiFailure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiFailure> {
        let actor = parts.extensions.get::<Visitor>().and_then(|visitor| visitor.actor.clone());
        actor.map(Self).ok_or_else(ApiFailure::signed_out)
    }
}

/// The parts of the path. One that is no id names nothing: 404, as an id that nobody has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathParts<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for PathParts<T> {
    type Rejection = ApiFailure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiFailure> {
        let parsed = Path::<T>::from_request_parts(parts, state).await;
        parsed.map(|Path(value)| Self(value)).map_err(|_| ApiFailure::not_found())
    }
}

/// The use cases for a request that changes nothing: the session middleware has decided whether the replica may answer.
#[derive(Debug, Clone)]
pub(crate) struct Reading(pub Services);

impl FromRequestParts<AppState> for Reading {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<Services>().unwrap_or(&state.services).clone()))
    }
}
