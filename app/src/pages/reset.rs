//! A new password, by a link.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        form::{FormError, Input, TextField, returned_error},
        frame::Frame,
        loaded::loaded,
    },
    error::AppError,
    model::paths,
    ssr::{context, convert::convert},
    texts::texts,
};

/// The form behind the link that an administrator hands over.
#[component]
pub fn ResetPage() -> impl IntoView {
    let token = use_query_map().get_untracked().get("token").unwrap_or_default();
    let error = returned_error("/api/app/reset-password");
    loaded(usable(token.clone()), move |usable| if usable { form(token, error) } else { used_up() })
}

async fn usable(token: String) -> Result<bool, AppError> {
    context::services()?.accounts().is_reset_link(&token).await.map_err(convert)
}

fn form(token: String, error: Option<AppError>) -> AnyView {
    let texts = texts();
    view! {
        <Frame title=texts.say("reset.title").to_owned()>
            <div class="door">
                <h1>{texts.say("reset.title")}</h1>
                <p class="lead">{texts.say("reset.lead")}</p>
                <FormError error=error.clone() />
                <form class="form" action="/api/app/reset-password" method="post">
                    <input type="hidden" name="token" value=token />
                    <TextField name="new" label=texts.say("account.new") input=Input::NewPassword hint=texts.say("setup.password-hint") error autofocus=true />
                    <button class="button button--primary" type="submit">{texts.say("account.change")}</button>
                </form>
            </div>
        </Frame>
    }
    .into_any()
}

fn used_up() -> AnyView {
    let texts = texts();
    view! {
        <Frame title=texts.say("reset.used-title").to_owned()>
            <div class="door">
                <h1>{texts.say("reset.used-title")}</h1>
                <p class="lead">{texts.say("reset.used")}</p>
                <p><a class="button button--primary" href=paths::SIGN_IN>{texts.say("sign-in.submit")}</a></p>
            </div>
        </Frame>
    }
    .into_any()
}
