//! A new password, by a link.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        door::{Door, closed_door},
        form::{FormError, Input, TextField, returned_error},
        loaded::loaded,
    },
    error::AppError,
    ssr::{context, convert::convert},
    texts::texts,
};

/// The form behind the link that an administrator hands over.
#[component]
pub fn ResetPage() -> impl IntoView {
    let token = use_query_map().get_untracked().get("token").unwrap_or_default();
    let error = returned_error("/api/app/reset-password");
    let texts = texts();
    loaded(usable(token.clone()), move |usable| {
        if usable { form(token, error) } else { closed_door(texts.say("reset.used-title"), texts.say("reset.used")) }
    })
}

async fn usable(token: String) -> Result<bool, AppError> {
    context::services()?.accounts().is_reset_link(&token).await.map_err(convert)
}

fn form(token: String, error: Option<AppError>) -> AnyView {
    let texts = texts();
    view! {
        <Door title=texts.say("reset.title") lead=texts.say("reset.lead")>
            <FormError error=error.clone() />
            <form class="form" action="/api/app/reset-password" method="post">
                <input type="hidden" name="token" value=token />
                <TextField name="new" label=texts.say("account.new") input=Input::NewPassword hint=texts.say("setup.password-hint") error autofocus=true />
                <button class="button button--primary" type="submit">{texts.say("account.change")}</button>
            </form>
        </Door>
    }
    .into_any()
}
