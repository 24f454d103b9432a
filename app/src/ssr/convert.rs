//! From a failure of a use case to the error that crosses to the browser, with its status and one line in the log.

use std::{collections::BTreeMap, error::Error};

use http::{Method, StatusCode, header::ACCEPT, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use service::{Data, Failure, FailureKind};

use crate::error::{AppError, FieldProblem};

/// The error for the browser. What nobody foresaw is logged here, once, under the incident that the browser is told.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
pub fn convert(failure: Failure) -> AppError {
    let error = match &failure.kind {
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
        FailureKind::Refused(code, data) => AppError::Refused { code: (*code).to_owned(), data: owned(data) },
        FailureKind::Internal => {
            let incident = incident();
            tracing::error!(incident, error = chain(&failure), "a use case failed and nobody foresaw it");
            AppError::Internal { incident }
        }
    };
    answer_with(error)
}

/// Sets the status of the answer that is being made. On leptos 0.8 an error of a server function answers 500 unless this
/// is done; 0.9 asks the error itself (`FromServerFnError::status_code`), and then this is the one place to change.
///
/// A plain form is left alone: its answer is the redirection back to its page, and a status here would take that away.
pub fn answer_with(error: AppError) -> AppError {
    if is_plain_form() {
        return error;
    }
    if let Some(response) = use_context::<ResponseOptions>()
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
    error
}

/// True when a browser posted a form by itself and will follow where the answer leads.
fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accepts_a_page = parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        parts.method == Method::POST && accepts_a_page.is_some_and(|accept| accept.contains("text/html"))
    })
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
