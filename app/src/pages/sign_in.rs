//! Signing in.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        door::Door,
        form::{Done, FormError, Input, TextField, returned_error},
    },
    model::paths::{FORGOTTEN, is_local},
    ssr::{context, typed},
    texts::texts,
};

/// The door, with the way back to where one was.
#[component]
pub fn SignInPage() -> impl IntoView {
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
}
