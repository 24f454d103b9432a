//! One's own account: password and language.

use leptos::prelude::*;
use service::Actor;

use crate::{
    components::{
        form::{Done, FormError, Input, TextField, returned_error},
        frame::Frame,
        loaded::loaded,
    },
    model::locale::Locale,
    ssr::guard,
    texts::texts,
};

/// The page of the one who is signed in.
#[component]
pub fn AccountPage() -> impl IntoView {
    loaded(async { guard::signed_in().map(|(actor, _)| actor) }, page)
}

fn page(actor: Actor) -> AnyView {
    let texts = texts();
    let error = returned_error("/api/app/change-password");
    let languages = Locale::ALL
        .into_iter()
        .map(|locale| {
            let chosen = locale == texts.locale();
            view! {
                <label class="check" lang=locale.tag()>
                    <input type="radio" name="locale" value=locale.tag() checked=chosen />{locale.own_name()}
                </label>
            }
        })
        .collect_view();
    let roles: Vec<&str> = actor.roles.iter().map(|role| texts.word("role", role.word())).collect();
    view! {
        <Frame title=texts.say("account.title").to_owned()>
            <div class="narrow stack">
                <div>
                    <h1>{actor.display_name.clone()}</h1>
                    <p class="soft">{actor.username.clone()}" · "{roles.join(", ")}</p>
                </div>
                <Done />
                <section class="panel" aria-labelledby="language-title">
                    <h2 id="language-title">{texts.say("account.language")}</h2>
                    <form class="button-row" action="/api/app/set-locale" method="post">
                        <fieldset class="choices"><legend class="unseen">{texts.say("account.language")}</legend>{languages}</fieldset>
                        <button class="button" type="submit">{texts.say("account.save")}</button>
                    </form>
                </section>
                <section class="panel" aria-labelledby="password-title">
                    <h2 id="password-title">{texts.say("account.password")}</h2>
                    <p class="soft">{texts.say("account.password-text")}</p>
                    <FormError error=error.clone() />
                    <form class="form" action="/api/app/change-password" method="post">
                        <input type="text" name="username" value=actor.username autocomplete="username" hidden=true />
                        <TextField name="current" label=texts.say("account.current") input=Input::Password error=error.clone() />
                        <TextField name="new" label=texts.say("account.new") input=Input::NewPassword hint=texts.say("setup.password-hint") error />
                        <div><button class="button button--primary" type="submit">{texts.say("account.change")}</button></div>
                    </form>
                </section>
            </div>
        </Frame>
    }
    .into_any()
}
