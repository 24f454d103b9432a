//! One's own account: language, password, one-time codes, sessions and tokens.

pub mod codes;
pub mod sessions;
pub mod tokens;

use leptos::prelude::*;
use service::{Actor, ApiToken, CodesToBe, Device, OwnEmail, SecondFactor};

use self::{codes::Codes, sessions::Sessions, tokens::Tokens};
use crate::{
    components::{
        address_waits::AddressWaits,
        form::{Done, FormError, Input, TextField, returned_error},
        frame::Frame,
        loaded::loaded,
    },
    error::AppError,
    model::locale::Locale,
    ssr::{convert::convert, guard},
    texts::{Texts, texts},
};

struct Found {
    actor: Actor,
    email: OwnEmail,
    sends_mail: bool,
    second_factor: SecondFactor,
    codes_to_be: Option<CodesToBe>,
    devices: Vec<Device>,
    tokens: Vec<ApiToken>,
}

/// The page of the one who is signed in.
#[component]
pub fn AccountPage() -> impl IntoView {
    loaded(found(), page)
}

async fn found() -> Result<Found, AppError> {
    let (actor, services) = guard::signed_in()?;
    let accounts = services.accounts();
    let email = accounts.own_email(&actor).await.map_err(convert)?;
    let second_factor = accounts.second_factor(&actor).await.map_err(convert)?;
    let codes_to_be = accounts.codes_to_be(&actor).await.map_err(convert)?;
    let devices = accounts.devices(&actor).await.map_err(convert)?;
    let tokens = accounts.tokens(&actor).await.map_err(convert)?;
    let sends_mail = services.settings().sends_mail;
    Ok(Found { actor, email, sends_mail, second_factor, codes_to_be, devices, tokens })
}

fn page(found: Found) -> AnyView {
    let texts = texts();
    let Found { actor, email, sends_mail, second_factor, codes_to_be, devices, tokens } = found;
    let roles: Vec<String> = actor.roles.iter().map(|role| texts.role(role)).collect();
    view! {
        <Frame title=texts.say("account.title").to_owned()>
            <div class="narrow stack">
                <div>
                    <h1>{actor.display_name.clone()}</h1>
                    <p class="soft">{actor.username.clone()}" · "{roles.join(", ")}</p>
                </div>
                <Done />
                <Language texts />
                <Password texts username=actor.username.clone() />
                <Email texts username=actor.username own=email sends_mail />
                <Codes texts second_factor codes_to_be />
                <Sessions texts devices />
                <Tokens texts tokens />
            </div>
        </Frame>
    }
    .into_any()
}

#[component]
fn Language(texts: Texts) -> impl IntoView {
    let languages = Locale::all()
        .map(|locale| {
            let chosen = locale == texts.locale();
            view! {
                <label class="check" lang=locale.tag()>
                    <input type="radio" name="locale" value=locale.tag() checked=chosen />{Texts::of(locale).own_name()}
                </label>
            }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="language-title">
            <h2 id="language-title">{texts.say("account.language")}</h2>
            <form class="button-row" action="/api/app/set-locale" method="post">
                <fieldset class="choices"><legend class="unseen">{texts.say("account.language")}</legend>{languages}</fieldset>
                <button class="button" type="submit">{texts.say("account.save")}</button>
            </form>
        </section>
    }
}

#[component]
fn Password(texts: Texts, username: String) -> impl IntoView {
    let error = returned_error("/api/app/change-password");
    view! {
        <section class="panel" aria-labelledby="password-title">
            <h2 id="password-title">{texts.say("account.password")}</h2>
            <p class="soft">{texts.say("account.password-text")}</p>
            <FormError error=error.clone() />
            <form class="form" action="/api/app/change-password" method="post">
                <input type="text" name="username" value=username autocomplete="username" hidden=true />
                <TextField name="current" label=texts.say("account.current") input=Input::Password error=error.clone() />
                <TextField name="new" label=texts.say("account.new") input=Input::NewPassword hint=texts.say("setup.password-hint") error />
                <div><button class="button button--primary" type="submit">{texts.say("account.change")}</button></div>
            </form>
        </section>
    }
}

#[component]
fn Email(texts: Texts, username: String, own: OwnEmail, sends_mail: bool) -> impl IntoView {
    let error = returned_error("/api/app/set-email");
    let OwnEmail { email, unconfirmed } = own;
    let waits = unconfirmed.as_ref().map(|address| {
        let key = if sends_mail { "account.email-waits" } else { "account.email-waits-for-word" };
        texts.say_with(key, &[("email", address)])
    });
    let present = email.clone();
    let shown = unconfirmed.or(email).unwrap_or_default();
    view! {
        <section class="panel" aria-labelledby="email-title">
            <h2 id="email-title">{texts.say("account.email")}</h2>
            <p class="soft">{texts.say("account.email-text")}</p>
            {waits.map(|waits| view! { <AddressWaits waits present sends_mail /> })}
            <FormError error=error.clone() />
            <form class="form" action="/api/app/set-email" method="post">
                <input type="text" name="username" value=username autocomplete="username" hidden=true />
                <TextField name="email" label=texts.say("account.email") input=Input::Email value=shown error=error.clone() />
                <TextField name="current" id="email-current" label=texts.say("account.current") input=Input::Password error />
                <div><button class="button" type="submit">{texts.say("account.save")}</button></div>
            </form>
        </section>
    }
}
