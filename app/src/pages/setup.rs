//! The first page of a new house: the first administrator and the first group.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        door::{Door, closed_door},
        form::{FormError, Input, TextField, returned_error},
        loaded::loaded,
    },
    error::AppError,
    ssr::{context, convert::convert, typed},
    texts::texts,
};

/// The form behind the link that the server prints at its first start.
#[component]
pub fn SetupPage() -> impl IntoView {
    let token = use_query_map().get_untracked().get("token").unwrap_or_default();
    let error = returned_error("/api/app/set-up");
    let texts = texts();
    loaded(state(token.clone()), move |state| match state {
        State::Open => form(token, error),
        State::WrongLink => {
            let (title, why) = (texts.say("setup.wrong-link-title"), texts.word("error", "setup-link-invalid"));
            view! { <Door title lead=why>""</Door> }.into_any()
        }
        State::Done => closed_door(texts.say("setup.done-title"), texts.say("setup.done")),
    })
}

enum State {
    /// Somebody holds the link and nobody is there yet.
    Open,
    /// Nobody is there yet, and this is not the link that makes the first.
    WrongLink,
    /// Somebody is there.
    Done,
}

async fn state(token: String) -> Result<State, AppError> {
    let services = context::services()?;
    let accounts = services.accounts();
    if !accounts.setup_needed().await.map_err(convert)? {
        return Ok(State::Done);
    }
    // Before anything is typed that would be typed for nothing.
    let opens = accounts.opens_setup(&token).await.map_err(convert)?;
    Ok(if opens { State::Open } else { State::WrongLink })
}

fn form(token: String, error: Option<AppError>) -> AnyView {
    let texts = texts();
    let typed = typed::take("/api/app/set-up", error.as_ref());
    view! {
        <Door title=texts.say("setup.title") lead=texts.say("setup.lead")>
            <FormError error=error.clone() />
            <form class="form" action="/api/app/set-up" method="post">
                <input type="hidden" name="token" value=token />
                <TextField
                    name="display_name"
                    label=texts.say("setup.display-name")
                    value=typed.text("display_name")
                    error=error.clone()
                    autofocus=true
                />
                <TextField
                    name="username"
                    label=texts.say("setup.username")
                    value=typed.text("username")
                    input=Input::Username
                    error=error.clone()
                />
                <TextField
                    name="password"
                    label=texts.say("setup.password")
                    input=Input::NewPassword
                    hint=texts.say("setup.password-hint")
                    error=error.clone()
                />
                <TextField
                    name="group_tag"
                    label=texts.say("setup.group")
                    value=typed.text("group_tag")
                    hint=texts.say("setup.group-hint")
                    error
                />
                <button class="button button--primary" type="submit">{texts.say("setup.submit")}</button>
            </form>
        </Door>
    }
    .into_any()
}
