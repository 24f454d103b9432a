//! The second step of signing in: a one-time code.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        door::Door,
        form::{FormError, Input, TextField, returned_error},
    },
    model::paths::{SIGN_IN, is_local},
    texts::texts,
};

/// One field, and the way back to the first step.
#[component]
pub fn SignInCodePage() -> impl IntoView {
    let texts = texts();
    let error = returned_error("/api/app/sign-in-code");
    let back = use_query_map().get_untracked().get("return").filter(|path| is_local(path));
    view! {
        <Door title=texts.say("sign-in-code.title") lead=texts.say("sign-in-code.lead")>
            <FormError error=error.clone() />
            <form class="form" action="/api/app/sign-in-code" method="post">
                {back.map(|back| view! { <input type="hidden" name="back" value=back /> })}
                <TextField name="code" label=texts.say("sign-in-code.code") input=Input::Code error autofocus=true />
                <button class="button button--primary" type="submit">{texts.say("sign-in.submit")}</button>
            </form>
            <p class="door__help">{texts.say("sign-in-code.help")}" "<a href=SIGN_IN>{texts.say("sign-in-code.again")}</a></p>
        </Door>
    }
}
