//! How a refusal or a failure leaves the process: as JSON with a stable code, and with an incident id for what
//! nobody foresaw.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use service::{Failure, FailureKind};

/// A failure at the border, ready to be answered as JSON.
#[derive(Debug)]
pub struct ApiFailure {
    status: StatusCode,
    code: &'static str,
    message: String,
    facts: Map<String, Value>,
    retry_after_s: Option<u64>,
}

/// The result of a handler that answers JSON.
pub(crate) type ApiResult<T = Response> = Result<T, ApiFailure>;

impl ApiFailure {
    /// A refusal by the protocol itself, before any use case is asked.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), facts: Map::new(), retry_after_s: None }
    }

    /// Adds a fact that a program can use.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.facts.insert(name.to_owned(), json!(value));
        self
    }

    /// Says when to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds.max(1));
        self
    }

    /// Nobody is signed in.
    pub fn signed_out() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "signed-out", "sign in first")
    }

    /// The thing does not exist, or not for this person.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "there is nothing at this address")
    }

    /// The request itself is wrong.
    pub fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// A body or a file over its limit.
    pub fn too_large(limit: u64) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", format!("larger than the limit of {limit} bytes"))
            .with("limit", limit)
    }

    /// Something nobody foresaw. Logs it once, with an incident id that the answer carries.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        let incident = crate::incident::report(error);
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the server made a mistake; the incident is in its log",
        )
        .with("incident", incident)
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Its stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl From<Failure> for ApiFailure {
    fn from(failure: Failure) -> Self {
        let status = StatusCode::from_u16(failure.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let code = failure.code();
        let plain = |message: &str| Self::new(status, code, message);
        match &failure.kind {
            FailureKind::SignedOut => Self::signed_out(),
            FailureKind::Forbidden => plain("this account may not do that"),
            FailureKind::NotFound(what) => plain(&format!("there is no such {what}")).with("what", what),
            FailureKind::Invalid(fields) => plain("something in the request cannot be taken").with("fields", fields),
            FailureKind::Conflict(_, data) => plain("the present state does not allow it").with("data", data),
            FailureKind::TooLarge { limit } => Self::too_large(*limit),
            FailureKind::Busy { retry_after_s } => plain("too many attempts; wait").retry_after(*retry_after_s),
            FailureKind::Refused(_, data) => plain("this is refused on principle").with("data", data),
            FailureKind::Unavailable => {
                let incident = crate::incident::report(&failure);
                plain("something that is needed does not answer just now").retry_after(5).with("incident", incident)
            }
            FailureKind::GroupFull(data) => plain("the group keeps as much as it may").with("data", data),
            FailureKind::StorageFull => {
                let incident = crate::incident::report(&failure);
                plain("the disk of the server is full: nothing was stored").with("incident", incident)
            }
            FailureKind::Internal => Self::internal(&failure),
        }
    }
}

impl IntoResponse for ApiFailure {
    fn into_response(self) -> Response {
        let mut body = self.facts;
        body.insert("code".to_owned(), json!(self.code));
        body.insert("message".to_owned(), json!(self.message));
        let mut response = (self.status, Json(Value::Object(body))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
