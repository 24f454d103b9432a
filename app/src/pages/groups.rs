//! Groups: one's own with who is in them, and the form for one more.

use leptos::prelude::*;
use service::{Action, Actor, GroupWithMembers, Member, Resource};

use crate::{
    components::{
        form::{Done, FormError, TextField, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        kept::Kept,
        loaded::loaded,
        page_head::PageHead,
    },
    error::AppError,
    ssr::{convert::convert, guard, quota::megabytes},
    texts::{Texts, texts},
};

struct Found {
    actor: Actor,
    groups: Vec<GroupWithMembers>,
    people: Vec<Member>,
}

/// Every group that one sees.
#[component]
pub fn GroupsPage() -> impl IntoView {
    loaded(found(), page)
}

async fn found() -> Result<Found, AppError> {
    let (actor, services) = guard::allowed(Resource::Groups, Action::Read)?;
    let groups = services.groups().with_members(&actor).await.map_err(convert)?;
    let people = if actor.may(Resource::Groups, Action::Modify) {
        services.groups().people(&actor).await.map_err(convert)?
    } else {
        Vec::new()
    };
    Ok(Found { actor, groups, people })
}

fn page(found: Found) -> AnyView {
    let texts = texts();
    let Found { actor, groups, people } = found;
    let changed = returned_error("/api/app/set-members");
    let limited = returned_error("/api/app/set-quota");
    let created = returned_error("/api/app/create-group");
    let list = if groups.is_empty() {
        view! {
            <div class="empty">
                <Icon glyph=Glyph::Users />
                <h2>{texts.say("groups.none")}</h2>
                <p class="lead">{texts.say("groups.none-text")}</p>
            </div>
        }
        .into_any()
    } else {
        let may_change = actor.may(Resource::Groups, Action::Modify);
        let one = |group| view! { <OneGroup texts group people=people.clone() may_change problem=limited.clone() /> };
        let groups = groups.into_iter().map(one);
        view! { <div class="stack">{groups.collect_view()}</div> }.into_any()
    };
    let new = actor.may(Resource::Groups, Action::Write).then(|| {
        view! {
            <section class="panel" aria-labelledby="new-group-title">
                <h2 id="new-group-title">{texts.say("groups.new")}</h2>
                <FormError error=created.clone() />
                <form class="form" action="/api/app/create-group" method="post">
                    <TextField name="tag" label=texts.say("groups.tag") hint=texts.say("setup.group-hint") error=created />
                    <div><button class="button button--primary" type="submit">{texts.say("groups.create")}</button></div>
                </form>
            </section>
        }
    });
    view! {
        <Frame title=texts.say("groups.title").to_owned()>
            <PageHead title=texts.say("groups.title") lead=texts.say("groups.text") />
            <Done />
            <FormError error=changed.or(limited) />
            <div class="columns">{list}{new}</div>
        </Frame>
    }
    .into_any()
}

#[component]
fn OneGroup(
    texts: Texts,
    group: GroupWithMembers,
    people: Vec<Member>,
    may_change: bool,
    /// What was wrong with a limit, of this group or another.
    problem: Option<AppError>,
) -> impl IntoView {
    let tag = group.group.tag.to_string();
    let id = group.group.id.to_string();
    let title = format!("group-{id}");
    let (quota, kept) = (group.quota_bytes, group.kept_bytes);
    let limit = may_change.then(|| view! { <Limit texts id tag=tag.clone() quota problem /> });
    let count = texts.count("groups.members", group.members.len() as u64);
    let body = if people.is_empty() {
        let names: Vec<String> = group.members.into_iter().map(|member| member.display_name).collect();
        view! { <p>{names.join(", ")}</p> }.into_any()
    } else {
        let seen = group
            .members
            .iter()
            .map(|member| view! { <input type="hidden" name="seen[]" value=member.id.to_string() /> })
            .collect_view();
        let choices = people
            .into_iter()
            .map(|person| {
                let is_in = group.members.iter().any(|member| member.id == person.id);
                view! { <label class="check"><input type="checkbox" name="members[]" value=person.id.to_string() checked=is_in />{person.display_name}</label> }
            })
            .collect_view();
        view! {
            <form class="form" action="/api/app/set-members" method="post">
                <input type="hidden" name="group" value=group.group.id.to_string() />
                {seen}
                <fieldset class="choices"><legend class="unseen">{texts.say("groups.who")}</legend>{choices}</fieldset>
                <div><button class="button" type="submit">{texts.say("groups.save")}<span class="unseen">" "{tag.clone()}</span></button></div>
            </form>
        }
        .into_any()
    };
    view! {
        <section class="panel" aria-labelledby=title.clone()>
            <div class="panel__head"><h2 id=title.clone()><code>{tag.clone()}</code><span class="panel__count">{count}</span></h2></div>
            <Kept tag=tag.clone() kept quota />
            {limit}
            {body}
        </section>
    }
}

/// The form for the most that a group may keep.
#[component]
fn Limit(texts: Texts, id: String, tag: String, quota: Option<u64>, problem: Option<AppError>) -> impl IntoView {
    let problem = problem
        .as_ref()
        .and_then(|error| error.field("megabytes"))
        .filter(|problem| problem.data.get("group") == Some(&id));
    let problem = problem.map(|problem| texts.field_problem(problem));
    let field = format!("quota-{id}");
    let (hint, wrong) = (format!("{field}-hint"), format!("{field}-problem"));
    let is_wrong = problem.is_some();
    let described = if is_wrong { format!("{hint} {wrong}") } else { hint.clone() };
    view! {
        <details class="limit" open=is_wrong>
            <summary>{texts.say("quota.change")}<span class="unseen">" "{tag.clone()}</span></summary>
            <form class="form" action="/api/app/set-quota" method="post">
                <input type="hidden" name="group" value=id />
                <input type="hidden" name="seen" value=quota.map(|bytes| bytes.to_string()).unwrap_or_default() />
                <div class="field">
                    <label for=field.clone()>{texts.say("quota.megabytes")}</label>
                    <input id=field type="text" inputmode="decimal" autocomplete="off" name="megabytes" value=megabytes(texts, quota)
                        aria-describedby=described aria-invalid=is_wrong.then_some("true") />
                    <p class="field__hint" id=hint>{texts.say("quota.hint")}</p>
                    {problem.map(|problem| view! {
                        <p class="field__problem" id=wrong><Icon glyph=Glyph::Wrong /> <span>{problem}</span></p>
                    })}
                </div>
                <div><button class="button" type="submit">{texts.say("quota.save")}<span class="unseen">" "{tag}</span></button></div>
            </form>
        </details>
    }
}
