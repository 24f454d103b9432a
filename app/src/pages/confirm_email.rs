//! An address is confirmed, by a link.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        door::{Door, closed_door},
        form::{FormError, returned_error},
        loaded::loaded,
    },
    error::AppError,
    ssr::{context, convert::convert},
    texts::texts,
};

/// The button behind the link of a letter: programs that look at what letters link to press none.
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    let token = use_query_map().get_untracked().get("token").unwrap_or_default();
    let error = returned_error("/api/app/confirm-email");
    let texts = texts();
    loaded(usable(token.clone()), move |usable| {
        if usable {
            form(token, error)
        } else {
            closed_door(texts.say("confirm-email.used-title"), texts.say("confirm-email.used"))
        }
    })
}

async fn usable(token: String) -> Result<bool, AppError> {
    context::services()?.accounts().is_email_link(&token).await.map_err(convert)
}

fn form(token: String, error: Option<AppError>) -> AnyView {
    let texts = texts();
    view! {
        <Door title=texts.say("confirm-email.title") lead=texts.say("confirm-email.lead")>
            <FormError error />
            <form class="form" action="/api/app/confirm-email" method="post">
                <input type="hidden" name="token" value=token />
                <button class="button button--primary" type="submit">{texts.say("confirm-email.submit")}</button>
            </form>
        </Door>
    }
    .into_any()
}
