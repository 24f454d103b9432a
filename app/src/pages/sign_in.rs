//! Signing in.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        door::Door,
        form::{Done, FormError, Input, TextField, returned_error},
        loaded::loaded,
    },
    error::AppError,
    model::paths::{FORGOTTEN, is_local},
    ssr::{context, convert::convert, typed},
    texts::texts,
};

/// The door, with the way back to where one was. In a new house there is nobody to sign in: it says how the first comes.
#[component]
pub fn SignInPage() -> impl IntoView {
    let form = form();
    loaded(is_new_house(), move |is_new| {
        let texts = texts();
        if is_new {
            view! { <Door title=texts.say("sign-in.new-house") lead=texts.say("sign-in.new-house-text")>""</Door> }
                .into_any()
        } else {
            form
        }
    })
}

async fn is_new_house() -> Result<bool, AppError> {
    context::services()?.accounts().setup_needed().await.map_err(convert)
}

fn form() -> AnyView {
    let texts = texts();
    let error = returned_error("/api/app/sign-in");
    let username = typed::take("/api/app/sign-in", error.as_ref()).text("username");
    // Whoever is here again has the name right more often than the password.
    let knows_name = !username.is_empty();
    let back = use_query_map().get_untracked().get("return").filter(|path| is_local(path));
    view! {
        <Door title=texts.say("sign-in.title") lead=texts.say("sign-in.lead")>
            <Done />
            <FormError error=error.clone() />
            <form class="form" action="/api/app/sign-in" method="post">
                {back.map(|back| view! { <input type="hidden" name="back" value=back /> })}
                <TextField
                    name="username"
                    label=texts.say("sign-in.username")
                    input=Input::Username
                    value=username
                    error=error.clone()
                    autofocus=!knows_name
                />
                <TextField
                    name="password"
                    label=texts.say("sign-in.password")
                    input=Input::Password
                    error
                    autofocus=knows_name
                />
                <button class="button button--primary" type="submit">{texts.say("sign-in.submit")}</button>
            </form>
            {context::sends_mail().then(|| view! {
                <p class="door__help"><a href=FORGOTTEN>{texts.say("sign-in.forgotten")}</a></p>
            })}
            <p class="door__help">{texts.say("sign-in.help")}</p>
        </Door>
    }
    .into_any()
}
