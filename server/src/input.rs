//! Bodies and queries that cannot be read are answered in our own words, as JSON, without the framework's text.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Query, Request, rejection::JsonRejection},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::{failure::ApiFailure, middleware::body_limit::BODY_LIMIT};

/// A JSON body.
#[derive(Debug, Clone)]
pub(crate) struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiFailure;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiFailure> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(ApiFailure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "the header Content-Type must be application/json",
            )),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(ApiFailure::too_large(BODY_LIMIT)),
            Err(error) => {
                tracing::debug!(%error, "a body that cannot be read");
                Err(ApiFailure::bad_request("bad-json", "the body is not the JSON that is expected here"))
            }
        }
    }
}

/// The query of an address.
#[derive(Debug, Clone)]
pub(crate) struct QueryParts<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryParts<T> {
    type Rejection = ApiFailure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiFailure> {
        let parsed = Query::<T>::from_request_parts(parts, state).await;
        parsed.map(|Query(value)| Self(value)).map_err(|error| {
            tracing::debug!(%error, "a query that cannot be read");
            ApiFailure::bad_request("bad-query", "the query of the address holds a value that is not taken")
        })
    }
}
