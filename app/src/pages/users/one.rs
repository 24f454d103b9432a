//! One person: rights, a link for a new password, and whether they may come in.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use service::{Action, Actor, Group, Resource, Role, UserDetails, UserSummary};

use super::{list::ActiveMark, rights::Rights};
use crate::{
    components::{
        address_waits::AddressWaits,
        ask::{Ask, Asked},
        copy_button::CopyButton,
        form::{Done, FormError, Input, TextField, returned_error},
        frame::Frame,
        icon::Glyph,
        loaded::loaded,
    },
    error::AppError,
    model::paths,
    ssr::{context, convert::convert, guard, once},
    texts::{Texts, texts},
};

struct Found {
    actor: Actor,
    user: UserDetails,
    roles: Vec<Role>,
    groups: Vec<Group>,
    sends_mail: bool,
}

/// One person.
#[component]
pub fn UserPage() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    loaded(found(id), page)
}

async fn found(id: String) -> Result<Found, AppError> {
    let (actor, services) = guard::allowed(Resource::Users, Action::Read)?;
    let user = services.accounts().user(&actor, guard::id(&id, "user")?).await.map_err(convert)?;
    let roles = services.accounts().roles_to_give(&actor).await.map_err(convert)?;
    let groups = if actor.may(Resource::Groups, Action::Read) {
        services.groups().list(&actor).await.map_err(convert)?
    } else {
        Vec::new()
    };
    let sends_mail = services.settings().sends_mail;
    Ok(Found { actor, user, roles, groups, sends_mail })
}

fn page(found: Found) -> AnyView {
    let texts = texts();
    let Found { actor, user, roles, groups, sends_mail } = found;
    let summary = user.summary.clone();
    let may_change = actor.may(Resource::Users, Action::Modify);
    let is_self = actor.user_id == summary.id;
    let doors = ["set-user-active", "send-reset-letter"];
    let error = doors.into_iter().find_map(|door| returned_error(&format!("/api/app/{door}")));
    let role_words: Vec<String> = summary.roles.iter().map(|role| texts.role(role)).collect();
    view! {
        <Frame title=summary.display_name.clone()>
            <div class="narrow stack">
                <div class="page-head">
                    <div>
                        <p><a href=paths::USERS>{texts.say("users.title")}</a></p>
                        <h1>{summary.display_name.clone()}</h1>
                        <p>{summary.username.clone()}" · "{role_words.join(", ")}</p>
                    </div>
                    <ActiveMark texts active=summary.active />
                </div>
                <Done />
                <FormError error />
                <ResetLink texts />
                {may_change.then(|| view! { <Rights texts user=user.clone() roles groups /> })}
                {may_change.then(|| view! { <Email texts user=user.summary.clone() own_name=actor.username.clone() sends_mail /> })}
                {may_change.then(|| view! { <Access texts user own_name=actor.username is_self sends_mail /> })}
            </div>
        </Frame>
    }
    .into_any()
}

/// The link that was just made, the one time that it can be read.
#[component]
fn ResetLink(texts: Texts) -> impl IntoView {
    once::take("reset-link").map(|token| {
        let url = format!("{}/reset?token={token}", context::origin());
        view! {
            <section class="panel" aria-labelledby="link-title">
                <h2 id="link-title">{texts.say("users.link-title")}</h2>
                <p>{texts.say("users.link-text")}</p>
                <p class="secret"><code>{url.clone()}</code><CopyButton text=url what=texts.say("users.link-title").to_owned() /></p>
            </section>
        }
    })
}

#[component]
fn Email(texts: Texts, user: UserSummary, own_name: String, sends_mail: bool) -> impl IntoView {
    let error = returned_error("/api/app/set-user-email");
    let UserSummary { id, email, unconfirmed_email: unconfirmed, .. } = user;
    let waits = unconfirmed.as_ref().map(|address| {
        let key = if sends_mail { "users.email-waits" } else { "users.email-waits-for-word" };
        texts.say_with(key, &[("email", address)])
    });
    let present = email.clone();
    let shown = unconfirmed.or(email).unwrap_or_default();
    view! {
        <section class="panel" aria-labelledby="email-title">
            <h2 id="email-title">{texts.say("account.email")}</h2>
            {waits.map(|waits| view! { <AddressWaits waits present sends_mail /> })}
            <FormError error=error.clone() />
            <form class="form" action="/api/app/set-user-email" method="post">
                <input type="hidden" name="user" value=id.to_string() />
                <TextField name="email" label=texts.say("account.email") input=Input::Email hint=texts.say("users.email-hint") value=shown error=error.clone() />
                <OwnPassword texts own_name id="email-current" error />
                <div><button class="button" type="submit">{texts.say("account.save")}</button></div>
            </form>
        </section>
    }
}

/// The password of who looks after people, for what opens the account of somebody.
#[component]
fn OwnPassword(texts: Texts, own_name: String, id: &'static str, error: Option<AppError>) -> impl IntoView {
    view! {
        <input type="text" name="username" value=own_name autocomplete="username" hidden=true />
        <TextField name="current" id label=texts.say("users.current") input=Input::Password hint=texts.say("users.current-hint") error />
    }
}

#[component]
fn Access(texts: Texts, user: UserDetails, own_name: String, is_self: bool, sends_mail: bool) -> impl IntoView {
    let id = user.summary.id.to_string();
    let active = user.summary.active;
    // What it does stands on the summary, and the form below asks for the password.
    let guarded = |door: &'static str, field: &'static str, what: &'static str, label: &'static str| {
        let action = format!("/api/app/{door}");
        let error = returned_error(&action);
        let is_open = error.is_some();
        view! {
            <details open=is_open>
                <summary>{what}</summary>
                <FormError error=error.clone() />
                <form class="form" action=action method="post">
                    <input type="hidden" name="user" value=id.clone() />
                    <OwnPassword texts own_name=own_name.clone() id=field error />
                    <div><button class="button" type="submit">{label}</button></div>
                </form>
            </details>
        }
    };
    view! {
        <section class="panel" aria-labelledby="access-title">
            <h2 id="access-title">{texts.say("users.access")}</h2>
            <p class="soft">{texts.say("users.access-text")}</p>
            <div class="button-row">
                {(active && sends_mail && user.summary.email.is_some()).then(|| view! {
                    <form action="/api/app/send-reset-letter" method="post">
                        <input type="hidden" name="user" value=id.clone() />
                        <button class="button" type="submit">{texts.say("users.send-link")}</button>
                    </form>
                })}
                // Whoever locks themselves out cannot undo it.
                {(!is_self && active).then(|| view! {
                    <Ask asked=deactivating(texts, &user.summary)><input type="hidden" name="active" value="false" /></Ask>
                })}
                {(!is_self && !active).then(|| view! {
                    <form action="/api/app/set-user-active" method="post">
                        <input type="hidden" name="user" value=id.clone() />
                        <input type="hidden" name="active" value="true" />
                        <button class="button" type="submit">{texts.say("users.activate")}</button>
                    </form>
                })}
            </div>
            {active.then(|| guarded("make-reset-link", "link-current", texts.say("users.make-link"), texts.say("users.make")))}
            {user.has_codes.then(|| guarded("end-user-codes", "codes-current", texts.say("users.end-codes"), texts.say("codes.end-open")))}
        </section>
    }
}

/// Says what ends with it before it is done.
fn deactivating(texts: Texts, user: &UserSummary) -> Asked {
    Asked {
        id: "deactivate",
        open: texts.say("users.deactivate"),
        glyph: Glyph::Refused,
        title: texts.say_with("users.deactivate-title", &[("name", &user.display_name)]),
        text: texts.say("users.deactivate-text").to_owned(),
        action: "/api/app/set-user-active".to_owned(),
        sent: ("user", user.id.to_string()),
        keep: texts.say("users.keep-active"),
        submit: texts.say("users.deactivate"),
    }
}
