//! The people of the house, for administrators.

use leptos::prelude::*;
use service::{Action, Actor, Resource, Role, UserSummary};

use crate::{
    components::{
        form::{Done, FormError, Input, TextField, returned_error},
        frame::Frame,
        icon::Glyph,
        loaded::loaded,
        mark::{Mark, Tone},
        select::Select,
    },
    error::AppError,
    ssr::{convert::convert, guard},
    texts::{Texts, texts, time::machine_time},
};

/// Everybody, and the form for one more.
#[component]
pub fn UsersPage() -> impl IntoView {
    loaded(found(), |(actor, users)| page(&actor, users))
}

async fn found() -> Result<(Actor, Vec<UserSummary>), AppError> {
    let (actor, services) = guard::allowed(Resource::Users, Action::Read)?;
    let users = services.accounts().users(&actor).await.map_err(convert)?;
    Ok((actor, users))
}

fn page(actor: &Actor, users: Vec<UserSummary>) -> AnyView {
    let texts = texts();
    let changed = returned_error("/api/app/set-user-active");
    let created = returned_error("/api/app/create-user");
    let count = users.len() as u64;
    let rows =
        users.into_iter().map(|user| view! { <UserRow texts is_self=user.id == actor.user_id user /> }).collect_view();
    view! {
        <Frame title=texts.say("users.title").to_owned()>
            <div class="page-head"><div><h1 id="users-title">{texts.say("users.title")}</h1><p>{texts.count("users.count", count)}</p></div></div>
            <Done />
            <FormError error=changed />
            <div class="columns">
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="users-title">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{texts.say("users.name")}</th>
                                <th scope="col">{texts.say("users.role")}</th>
                                <th scope="col">{texts.say("users.state")}</th>
                                <th scope="col">{texts.say("users.since")}</th>
                                <th scope="col"><span class="unseen">{texts.say("users.change")}</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <section class="panel" aria-labelledby="new-user-title">
                    <h2 id="new-user-title">{texts.say("users.new")}</h2>
                    <FormError error=created.clone() />
                    <NewUserForm texts error=created />
                </section>
            </div>
        </Frame>
    }
    .into_any()
}

#[component]
fn UserRow(texts: Texts, user: UserSummary, is_self: bool) -> impl IntoView {
    let roles: Vec<&str> = user.roles.iter().map(|role| texts.word("role", role.word())).collect();
    let (tone, glyph, word) = if user.active {
        (Tone::Good, Glyph::Good, texts.say("users.active"))
    } else {
        (Tone::Refused, Glyph::Refused, texts.say("users.inactive"))
    };
    let label = if user.active { texts.say("users.deactivate") } else { texts.say("users.activate") };
    // Whoever locks themselves out cannot undo it.
    let change = (!is_self).then(|| {
        view! {
            <form action="/api/app/set-user-active" method="post">
                <input type="hidden" name="user" value=user.id.to_string() />
                <input type="hidden" name="active" value=(!user.active).to_string() />
                <button class="button button--small" type="submit">{label}<span class="unseen">" "{user.username.clone()}</span></button>
            </form>
        }
    });
    view! {
        <tr>
            <th scope="row">{user.display_name}<p class="soft">{user.username.clone()}</p></th>
            <td>{roles.join(", ")}</td>
            <td><Mark tone glyph word /></td>
            <td><time datetime=machine_time(user.created_at.0)>{texts.day(user.created_at.0)}</time></td>
            <td class="number">{change}</td>
        </tr>
    }
}

#[component]
fn NewUserForm(texts: Texts, error: Option<AppError>) -> impl IntoView {
    let roles =
        Role::ALL.iter().map(|role| (role.word().to_owned(), texts.word("role", role.word()).to_owned())).collect();
    view! {
        <form class="form" action="/api/app/create-user" method="post">
            <TextField name="display_name" label=texts.say("users.display-name") error=error.clone() />
            <TextField name="username" label=texts.say("users.username") error=error.clone() />
            <TextField name="password" label=texts.say("users.password") input=Input::NewPassword hint=texts.say("setup.password-hint") error />
            <div class="field">
                <span aria-hidden="true">{texts.say("users.role")}</span>
                <Select name="role" label=texts.say("users.role") options=roles chosen=Some(Role::Editor.word().to_owned()) />
            </div>
            <div><button class="button button--primary" type="submit">{texts.say("users.create")}</button></div>
        </form>
    }
}
