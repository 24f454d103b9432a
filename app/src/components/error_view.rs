//! The page for when there is no page: what happened, and what to do next.

use leptos::prelude::*;

use super::frame::Frame;
use crate::{
    error::AppError,
    model::paths,
    texts::{Texts, texts},
};

/// The whole page for an error. The status is set where the error arose.
pub fn error_view(error: &AppError) -> AnyView {
    let message = error_message(error);
    view! { <Frame title=title(texts(), error).to_owned()>{message}</Frame> }.into_any()
}

/// What the page says.
pub fn error_message(error: &AppError) -> AnyView {
    let texts = texts();
    let (next, label) = match error {
        AppError::SignedOut => (paths::SIGN_IN, texts.say("error-page.sign-in")),
        AppError::NotFound { what } if what == "job" => (paths::JOBS, texts.say("error-page.jobs")),
        AppError::NotFound { what } if what == "verify-link" => (paths::VERIFY, texts.say("verify.title")),
        _ => (paths::RELEASES, texts.say("error-page.releases")),
    };
    let text = match error {
        AppError::NotFound { what } => texts.word("not-found", what).to_owned(),
        other => texts.error(other),
    };
    view! {
        <div class="message-page">
            <p class="message-page__status">{error.status()}</p>
            <h1>{title(texts, error)}</h1>
            <p class="lead">{text}</p>
            <p><a class="button button--primary" href=next>{label}</a></p>
        </div>
    }
    .into_any()
}

fn title(texts: Texts, error: &AppError) -> &'static str {
    match error {
        AppError::SignedOut => texts.say("error-page.signed-out"),
        AppError::Forbidden => texts.say("error-page.forbidden"),
        AppError::NotFound { .. } => texts.say("error-page.not-found"),
        AppError::Unavailable | AppError::Busy { .. } | AppError::Offline => texts.say("error-page.unavailable"),
        AppError::Internal { .. } => texts.say("error-page.internal"),
        _ => texts.say("error-page.refused"),
    }
}
