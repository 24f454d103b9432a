//! What a person may do: roles, groups, and what differs for this one person.

use leptos::prelude::*;
use service::{
    Action, Exception, Group, Role, UserDetails,
    permissions::{ASKED, is_asked},
};

use crate::{
    components::form::{FormError, returned_error},
    texts::Texts,
};

/// The form. `roles` are those that may be given; those that the person has and that may not be given stay.
#[component]
pub fn Rights(texts: Texts, user: UserDetails, roles: Vec<Role>, groups: Vec<Group>) -> impl IntoView {
    let error = returned_error("/api/app/set-user-rights");
    let summary = user.summary;
    let exceptions = user.exceptions;
    let is_administrator = summary.roles.contains(&Role::ADMIN);
    let roles = roles
        .into_iter()
        .map(|role| {
            let has = summary.roles.contains(&role);
            let word = texts.role(&role);
            view! { <label class="check"><input type="checkbox" name="form[roles][]" value=role.word().to_owned() checked=has />{word}</label> }
        })
        .collect_view();
    let groups = groups
        .into_iter()
        .map(|group| {
            let is_in = summary.groups.contains(&group.id);
            view! { <label class="check"><input type="checkbox" name="form[groups][]" value=group.id.to_string() checked=is_in />{group.tag.to_string()}</label> }
        })
        .collect_view();
    let rows = ASKED
        .iter()
        .map(|(resource, _)| {
            let cells = Action::ALL
                .iter()
                .map(|action| {
                    if !is_asked(*resource, *action) {
                        return view! { <td></td> }.into_any();
                    }
                    let exception = exceptions.iter().find(|one| one.resource == *resource && one.action == *action);
                    let permission = format!("{resource}.{action}");
                    let label = texts.labelled(&texts.word("resource", resource.word()), &texts.word("action", action.word()));
                    let option = |word: &'static str, chosen: bool, value: String| {
                        view! { <option value=value selected=chosen>{word}</option> }
                    };
                    view! {
                        <td>
                            <select name="form[exceptions][]" aria-label=label>
                                {option(texts.say("users.by-role"), exception.is_none(), String::new())}
                                {option(texts.say("users.allowed"), exception.is_some_and(|one| one.allowed), format!("allow.{permission}"))}
                                {option(texts.say("users.denied"), exception.is_some_and(|one| !one.allowed), format!("deny.{permission}"))}
                            </select>
                        </td>
                    }
                    .into_any()
                })
                .collect_view();
            view! { <tr><th scope="row">{texts.word("resource", resource.word())}</th>{cells}</tr> }
        })
        .collect_view();
    // What is stored and not shown stays stored.
    let (shown, kept): (Vec<Exception>, Vec<Exception>) =
        exceptions.into_iter().partition(|one| is_asked(one.resource, one.action));
    let kept = kept.into_iter().map(|Exception { resource, action, allowed }| {
        let rule = if allowed { "allow" } else { "deny" };
        view! { <input type="hidden" name="form[exceptions][]" value=format!("{rule}.{resource}.{action}") /> }
    });
    let kept = kept.collect_view();
    let has_exceptions = !shown.is_empty();
    view! {
        <section class="panel" aria-labelledby="rights-title">
            <h2 id="rights-title">{texts.say("users.rights")}</h2>
            <FormError error />
            <form class="form" action="/api/app/set-user-rights" method="post">
                <input type="hidden" name="form[user]" value=summary.id.to_string() />
                <input type="hidden" name="form[seen]" value=user.rights_state />
                <fieldset class="choices"><legend>{texts.say("users.role")}</legend>{roles}</fieldset>
                <fieldset class="choices"><legend>{texts.say("users.groups")}</legend>{groups}</fieldset>
                {kept}
                <details open=has_exceptions>
                    <summary>{texts.say("users.exceptions")}</summary>
                    <p class="soft">{if is_administrator { texts.say("users.exceptions-admin") } else { texts.say("users.exceptions-text") }}</p>
                    <div class="table-scroll" tabindex="0" role="group" aria-label=texts.say("users.exceptions")>
                        <table class="matrix">
                            <thead><tr>
                                <th scope="col"><span class="unseen">{texts.say("roles.resource")}</span></th>
                                {Action::ALL.iter().map(|action| view! { <th scope="col">{texts.word("action", action.word())}</th> }).collect_view()}
                            </tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                </details>
                <div><button class="button button--primary" type="submit">{texts.say("users.save")}</button></div>
            </form>
        </section>
    }
}
