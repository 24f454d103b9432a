//! A lost password: where a letter with a link for a new one is asked for.

use leptos::prelude::*;

use crate::{
    components::{
        door::{Door, closed_door},
        form::{FormError, Input, TextField, returned_error},
    },
    error::AppError,
    model::paths::SIGN_IN,
    ssr::context,
    texts::texts,
};

/// One field. What it answers says nothing about who is here.
#[component]
pub fn ForgottenPage() -> impl IntoView {
    let texts = texts();
    if context::sends_mail() {
        form(returned_error("/api/app/ask-for-letter"))
    } else {
        closed_door(texts.say("forgotten.title"), texts.say("forgotten.no-mail"))
    }
}

fn form(error: Option<AppError>) -> AnyView {
    let texts = texts();
    view! {
        <Door title=texts.say("forgotten.title") lead=texts.say("forgotten.lead")>
            <FormError error=error.clone() />
            <form class="form" action="/api/app/ask-for-letter" method="post">
                <TextField name="name" label=texts.say("forgotten.name") input=Input::Username error autofocus=true />
                <button class="button button--primary" type="submit">{texts.say("forgotten.submit")}</button>
            </form>
            <p class="door__help"><a href=SIGN_IN>{texts.say("forgotten.back")}</a></p>
        </Door>
    }
    .into_any()
}
