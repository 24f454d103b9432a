//! Roles as a matrix: what each allows, resource × action.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use service::{
    Action, Actor, Resource, RoleSummary,
    permissions::{ASKED, is_asked},
};

use crate::{
    components::{
        ask::{Ask, Asked},
        form::{Done, FormError, TextField, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
        page_head::PageHead,
    },
    error::AppError,
    model::paths,
    ssr::{convert::convert, guard},
    texts::{Texts, texts},
};

/// Every role, one of them open.
#[component]
pub fn RolesPage() -> impl IntoView {
    let open = use_query_map().get_untracked().get("role");
    loaded(found(), move |(actor, roles)| page(&actor, roles, open))
}

async fn found() -> Result<(Actor, Vec<RoleSummary>), AppError> {
    let (actor, services) = guard::allowed(Resource::Roles, Action::Read)?;
    let roles = services.roles().list(&actor).await.map_err(convert)?;
    Ok((actor, roles))
}

fn page(actor: &Actor, roles: Vec<RoleSummary>, open: Option<String>) -> AnyView {
    let texts = texts();
    let is_new = open.as_deref() == Some("");
    let shown = roles.iter().find(|role| Some(role.role.word()) == open.as_deref()).or(roles.first()).cloned();
    let may_make = actor.may(Resource::Roles, Action::Write);
    let tabs = roles
        .iter()
        .map(|role| {
            let mut query = leptos_router::params::ParamsMap::new();
            query.insert("role", role.role.word().to_owned());
            let current = !is_new && shown.as_ref().is_some_and(|shown| shown.role == role.role);
            let address = format!("{}{}", paths::ROLES, query.to_query_string());
            view! { <li><a class="tab" href=address aria-current=current.then_some("page")>{texts.role(&role.role)}</a></li> }
        })
        .collect_view();
    let deleted = returned_error("/api/app/delete-role");
    let matrix = match shown {
        _ if is_new && may_make => view! { <Matrix texts role=None changeable=true deletable=false /> }.into_any(),
        Some(role) => {
            let own = !role.built_in;
            let changeable = own && actor.may(Resource::Roles, Action::Modify);
            let deletable = own && actor.may(Resource::Roles, Action::Delete);
            view! { <Matrix texts role=Some(role) changeable deletable /> }.into_any()
        }
        None => ().into_any(),
    };
    view! {
        <Frame title=texts.say("roles.title").to_owned()>
            <PageHead title=texts.say("roles.title") lead=texts.say("roles.text")>
                {may_make.then(|| view! {
                    <a class="button button--primary" href=format!("{}?role=", paths::ROLES)><Icon glyph=Glyph::Plus />{texts.say("roles.new")}</a>
                })}
            </PageHead>
            <Done />
            <FormError error=deleted />
            <nav aria-label=texts.say("roles.title")><ul class="tabs">{tabs}</ul></nav>
            {matrix}
        </Frame>
    }
    .into_any()
}

#[component]
fn Matrix(texts: Texts, role: Option<RoleSummary>, changeable: bool, deletable: bool) -> impl IntoView {
    let error = returned_error("/api/app/save-role");
    let name = role.as_ref().map(|role| texts.role(&role.role));
    let word = role.as_ref().map(|role| role.role.word().to_owned());
    let built_in = role.as_ref().is_some_and(|role| role.built_in);
    let all_groups = role.as_ref().is_some_and(|role| role.all_groups);
    let allows = |resource, action| role.as_ref().is_some_and(|role| role.grants.allow(resource, action));
    let rows = ASKED
        .iter()
        .map(|(resource, _)| {
            let cells = Action::ALL
                .iter()
                .map(|action| {
                    if !is_asked(*resource, *action) {
                        return view! { <td></td> }.into_any();
                    }
                    let allowed = allows(*resource, *action);
                    let label = texts.labelled(&texts.word("resource", resource.word()), &texts.word("action", action.word()));
                    view! {
                        <td class="matrix__cell"><label class="check"><span class="unseen">{label}</span>
                            <input type="checkbox" name="form[grants][]" value=format!("{resource}.{action}") checked=allowed disabled=!changeable />
                        </label></td>
                    }
                    .into_any()
                })
                .collect_view();
            view! { <tr><th scope="row">{texts.word("resource", resource.word())}</th>{cells}</tr> }
        })
        .collect_view();
    // What is stored and not shown stays stored.
    let kept = role.as_ref().map(|role| role.grants.iter().filter(|(resource, action)| !is_asked(*resource, *action)));
    let kept = kept.into_iter().flatten().map(|(resource, action)| {
        view! { <input type="hidden" name="form[grants][]" value=format!("{resource}.{action}") /> }
    });
    let kept = kept.collect_view();
    let is_new = word.is_none();
    view! {
        <section class="panel" aria-labelledby="matrix-title">
            <h2 id="matrix-title">{name.unwrap_or_else(|| texts.say("roles.new").to_owned())}</h2>
            {built_in.then(|| view! { <p class="soft">{texts.say("roles.built-in")}</p> })}
            <FormError error=error.clone() />
            <form class="form" action="/api/app/save-role" method="post">
                {match word.clone() {
                    Some(word) => view! { <input type="hidden" name="form[role]" value=word /> }.into_any(),
                    None => view! { <TextField name="form[name]" label=texts.say("roles.name") hint=texts.say("roles.name-hint") error /> }.into_any(),
                }}
                {kept}
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="matrix-title">
                    <table class="matrix">
                        <thead><tr>
                            <th scope="col"><span class="unseen">{texts.say("roles.resource")}</span></th>
                            {Action::ALL.iter().map(|action| view! { <th scope="col" class="matrix__cell">{texts.word("action", action.word())}</th> }).collect_view()}
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <label class="check"><input type="checkbox" name="form[all_groups]" value="true" checked=all_groups disabled=!changeable />{texts.say("roles.all-groups")}</label>
                {changeable.then(|| view! {
                    <div><button class="button button--primary" type="submit">{if is_new { texts.say("roles.create") } else { texts.say("roles.save") }}</button></div>
                })}
            </form>
            {deletable.then(|| view! { <div><Ask asked=deleting(texts, word.unwrap_or_default()) /></div> })}
        </section>
    }
}

/// Names what goes before it goes.
fn deleting(texts: Texts, role: String) -> Asked {
    Asked {
        id: "delete-role",
        open: texts.say("roles.delete"),
        glyph: Glyph::Delete,
        title: texts.say_with("roles.delete-title", &[("name", &role)]),
        text: texts.say("roles.delete-text").to_owned(),
        action: "/api/app/delete-role".to_owned(),
        sent: ("role", role),
        keep: texts.say("delete.keep"),
        submit: texts.say("roles.delete"),
    }
}
