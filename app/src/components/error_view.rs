//! The page for when there is no page: what happened, and what to do next.

use leptos::prelude::*;
use service::{Action, Resource};

use super::frame::Frame;
use crate::{
    error::AppError,
    model::paths,
    ssr::{
        context::{Visitor, may},
        session,
    },
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
        AppError::NotFound { what } if what == "job" && may(Resource::Jobs, Action::Read) => {
            (paths::JOBS, texts.say("error-page.jobs"))
        }
        AppError::NotFound { what } if what == "verify-link" => (paths::VERIFY, texts.say("verify.title")),
        _ => start(texts),
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

/// A page that who asks may open. Whoever is not in is asked to sign in there.
fn start(texts: Texts) -> (&'static str, &'static str) {
    let actor = use_context::<Visitor>().and_then(|visitor| visitor.actor);
    match actor.as_ref().map_or(paths::RELEASES, session::home) {
        paths::INBOX => (paths::INBOX, texts.say("error-page.inbox")),
        paths::VERIFY => (paths::VERIFY, texts.say("verify.title")),
        _ => (paths::RELEASES, texts.say("error-page.releases")),
    }
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
