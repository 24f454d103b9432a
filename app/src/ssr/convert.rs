//! From a failure of a use case to the error that crosses to the browser, with its status and one line in the log.

use std::{collections::BTreeMap, error::Error};

use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use service::{Data, Failure, FailureKind};

use crate::error::{AppError, FieldProblem};

/// The error for the browser. What nobody foresaw is logged here, once, under the incident that the browser is told.
pub fn convert(failure: Failure) -> AppError {
    answer_with(told(failure))
}

/// The same for a failure that a page shows among other things: the answer as a whole is none.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
pub fn told(failure: Failure) -> AppError {
    match &failure.kind {
        FailureKind::SignedOut => AppError::SignedOut,
        FailureKind::Forbidden => AppError::Forbidden,
        FailureKind::NotFound(what) => AppError::not_found(what),
        FailureKind::Invalid(problems) => AppError::Invalid {
            fields: problems
                .iter()
                .map(|problem| FieldProblem {
                    field: problem.field.to_string(),
                    code: problem.code.to_string(),
                    data: owned(&problem.data),
                })
                .collect(),
        },
        FailureKind::Conflict(code, data) => AppError::Conflict { code: (*code).to_owned(), data: owned(data) },
        FailureKind::TooLarge { limit } => AppError::TooLarge { limit: *limit },
        FailureKind::Busy { retry_after_s } => {
            AppError::Busy { retry_after_s: u32::try_from(*retry_after_s).unwrap_or(u32::MAX) }
        }
        FailureKind::Unavailable => AppError::Unavailable,
        FailureKind::GroupFull(data) => AppError::Conflict { code: failure.code().to_owned(), data: owned(data) },
        FailureKind::StorageFull => AppError::Conflict { code: failure.code().to_owned(), data: BTreeMap::new() },
        FailureKind::Refused(code, data) => AppError::Refused { code: (*code).to_owned(), data: owned(data) },
        FailureKind::Internal => {
            let incident = incident();
            tracing::error!(incident, error = chain(&failure), "a use case failed and nobody foresaw it");
            AppError::Internal { incident }
        }
    }
}

/// Sets the status of the answer that is being made, and when to come back where that is known. On leptos 0.8 an error of
/// a server function answers 500 unless this is done; 0.9 asks the error itself (`FromServerFnError::status_code`), and then this is the one place to change.
///
/// A plain form is answered with a redirection back to its page, which a status set here would undo.
pub fn answer_with(error: AppError) -> AppError {
    let is_plain_form = use_context::<Parts>().is_some_and(|parts| is_plain_form(&parts));
    if !is_plain_form
        && let Some(response) = use_context::<ResponseOptions>()
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        response.set_status(status);
        if let AppError::Busy { retry_after_s } = &error {
            response.insert_header(header::RETRY_AFTER, HeaderValue::from((*retry_after_s).max(1)));
        }
    }
    error
}

/// Leads the browser to an address of ours. What no header can hold is escaped: a person may have written part of it.
pub fn lead_to(address: &str) {
    let escaped: String = address
        .bytes()
        .map(|byte| if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    leptos_axum::redirect(&escaped);
}

/// True for what a browser sends when a form is submitted without a script.
pub(super) fn is_plain_form(parts: &Parts) -> bool {
    let accept = parts.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    parts.method == Method::POST && accept.contains("text/html")
}

/// A new id that a person can quote and an operator can find.
pub fn incident() -> String {
    ulid::Ulid::generate().to_string()
}

fn owned(data: &Data) -> BTreeMap<String, String> {
    data.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// The error with all its causes, for the log and nowhere else.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn only_a_form_without_a_script_keeps_its_redirection() {
        let parts = |method: Method, accept: &str| {
            Request::builder().method(method).header(header::ACCEPT, accept).body(()).unwrap().into_parts().0
        };
        assert!(is_plain_form(&parts(Method::POST, "text/html,application/xhtml+xml")));
        assert!(!is_plain_form(&parts(Method::POST, "application/json")));
        assert!(!is_plain_form(&parts(Method::GET, "text/html")));
    }
}
