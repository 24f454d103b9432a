//! Everybody, and the form for one more.

use leptos::prelude::*;
use service::{Action, Actor, Group, Resource, Role, UserSummary};

use crate::{
    components::{
        form::{Done, FormError, Input, TextField, returned_error},
        frame::Frame,
        icon::Glyph,
        loaded::loaded,
        mark::{Mark, Tone},
        page_head::PageHead,
        select::Select,
    },
    error::AppError,
    model::paths,
    ssr::{convert::convert, guard, typed},
    texts::{Texts, texts, time::machine_time},
};

struct Found {
    users: Vec<UserSummary>,
    groups: Vec<Group>,
    /// The roles that may be given; empty for whoever may only look.
    roles: Vec<Role>,
}

/// Everybody, and the form for one more.
#[component]
pub fn UsersPage() -> impl IntoView {
    loaded(found(), page)
}

async fn found() -> Result<Found, AppError> {
    let (actor, services) = guard::allowed(Resource::Users, Action::Read)?;
    let users = services.accounts().users(&actor).await.map_err(convert)?;
    let roles =
        if may_make(&actor) { services.accounts().roles_to_give(&actor).await.map_err(convert)? } else { Vec::new() };
    let groups = if actor.may(Resource::Groups, Action::Read) {
        services.groups().list(&actor).await.map_err(convert)?
    } else {
        Vec::new()
    };
    Ok(Found { users, groups, roles })
}

fn may_make(actor: &Actor) -> bool {
    actor.may(Resource::Users, Action::Write)
}

fn page(found: Found) -> AnyView {
    let texts = texts();
    let created = returned_error("/api/app/create-user");
    let Found { users, groups, roles } = found;
    let count = users.len() as u64;
    let rows = users.into_iter().map(|user| view! { <UserRow texts user groups=groups.clone() /> }).collect_view();
    let new = (!roles.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="new-user-title">
                <h2 id="new-user-title">{texts.say("users.new")}</h2>
                <FormError error=created.clone() />
                <NewUserForm texts error=created roles groups=groups.clone() />
            </section>
        }
    });
    view! {
        <Frame title=texts.say("users.title").to_owned()>
            <PageHead title=texts.say("users.title") id="users-title" lead=texts.count("users.count", count) />
            <Done />
            <div class="columns">
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="users-title">
                    // As cards it stays a table for a screen reader: every browser goes by the roles.
                    <table class="cards" role="table">
                        <thead role="rowgroup">
                            <tr role="row">
                                <th scope="col" role="columnheader">{texts.say("users.name")}</th>
                                <th scope="col" role="columnheader">{texts.say("users.role")}</th>
                                <th scope="col" role="columnheader">{texts.say("users.groups")}</th>
                                <th scope="col" role="columnheader">{texts.say("users.state")}</th>
                                <th scope="col" role="columnheader">{texts.say("users.since")}</th>
                            </tr>
                        </thead>
                        <tbody role="rowgroup">{rows}</tbody>
                    </table>
                </div>
                {new}
            </div>
        </Frame>
    }
    .into_any()
}

#[component]
fn UserRow(texts: Texts, user: UserSummary, groups: Vec<Group>) -> impl IntoView {
    let roles: Vec<String> = user.roles.iter().map(|role| texts.role(role)).collect();
    let tags: Vec<String> =
        groups.iter().filter(|group| user.groups.contains(&group.id)).map(|group| group.tag.to_string()).collect();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=paths::user(&user.id.to_string())>{user.display_name}</a><p class="soft">{user.username}</p></th>
            <td role="cell">{roles.join(", ")}</td>
            <td role="cell" data-label=texts.say("users.groups")>{tags.join(", ")}</td>
            <td role="cell"><ActiveMark texts active=user.active /></td>
            <td role="cell" data-label=texts.say("users.since")><time datetime=machine_time(user.created_at.0)>{texts.day(user.created_at.0)}</time></td>
        </tr>
    }
}

/// Whether somebody may come in.
#[component]
pub fn ActiveMark(texts: Texts, active: bool) -> impl IntoView {
    let (tone, glyph, word) = if active {
        (Tone::Good, Glyph::Good, texts.say("users.active"))
    } else {
        (Tone::Refused, Glyph::Refused, texts.say("users.inactive"))
    };
    view! { <Mark tone glyph word /> }
}

#[component]
fn NewUserForm(texts: Texts, error: Option<AppError>, roles: Vec<Role>, groups: Vec<Group>) -> impl IntoView {
    let typed = typed::take("/api/app/create-user", error.as_ref());
    let given = typed.text("role");
    let chosen = roles.iter().find(|role| role.word() == given);
    let chosen = chosen.or_else(|| roles.iter().find(|role| **role == Role::EDITOR)).or(roles.first());
    let chosen = chosen.map(|role| role.word().to_owned());
    let roles = roles.iter().map(|role| (role.word().to_owned(), texts.role(role))).collect();
    view! {
        <form class="form" action="/api/app/create-user" method="post">
            <TextField name="display_name" label=texts.say("users.display-name") value=typed.text("display_name") error=error.clone() />
            <TextField name="username" label=texts.say("users.username") value=typed.text("username") error=error.clone() />
            <TextField name="email" label=texts.say("account.email") input=Input::Email hint=texts.say("users.email-hint") value=typed.text("email") error=error.clone() />
            <TextField name="password" label=texts.say("users.password") input=Input::FirstPassword hint=texts.say("users.password-hint") error />
            <Select name="role" label=texts.say("users.role") is_seen=true options=roles chosen />
            {(!groups.is_empty()).then(|| view! {
                <fieldset class="choices">
                    <legend>{texts.say("users.groups")}</legend>
                    {groups.into_iter().map(|group| {
                        let id = group.id.to_string();
                        let ticked = typed.is_ticked("groups", &id);
                        view! {
                            <label class="check"><input type="checkbox" name="groups[]" value=id checked=ticked />{group.tag.to_string()}</label>
                        }
                    }).collect_view()}
                </fieldset>
            })}
            <div><button class="button button--primary" type="submit">{texts.say("users.create")}</button></div>
        </form>
    }
}
