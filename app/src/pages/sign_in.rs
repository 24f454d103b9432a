//! Signing in.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        door::Door,
        form::{Done, FormError, Input, TextField, returned_error},
    },
    model::paths::{FORGOTTEN, is_local},
    ssr::context,
    texts::texts,
};

/// The door, with the way back to where one was.
#[component]
pub fn SignInPage() -> impl IntoView {
    let texts = texts();
    let error = returned_error("/api/app/sign-in");
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
                    error=error.clone()
                    autofocus=true
                />
                <TextField name="password" label=texts.say("sign-in.password") input=Input::Password error />
                <button class="button button--primary" type="submit">{texts.say("sign-in.submit")}</button>
            </form>
            {context::sends_mail().then(|| view! {
                <p class="door__help"><a href=FORGOTTEN>{texts.say("sign-in.forgotten")}</a></p>
            })}
            <p class="door__help">{texts.say("sign-in.help")}</p>
        </Door>
    }
}
