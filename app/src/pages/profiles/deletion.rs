//! Deleting a profile of the house, and having it back.

use leptos::prelude::*;

use crate::{
    components::{
        ask::{Ask, Asked},
        icon::{Glyph, Icon},
    },
    model::paths,
    ssr::profiles::one_more_copy,
    texts::{texts, time::machine_time},
};

/// Names what goes before it goes.
#[component]
pub fn Delete(name: String) -> impl IntoView {
    let texts = texts();
    let asked = Asked {
        id: "delete",
        open: texts.say("delete.open"),
        glyph: Glyph::Delete,
        title: texts.say_with("profile-delete.title", &[("name", &name)]),
        text: texts.say("profile-delete.text").to_owned(),
        action: "/api/app/profile-delete".to_owned(),
        sent: ("name", name),
        keep: texts.say("delete.keep"),
        submit: texts.say("profile-delete.submit"),
    };
    view! { <Ask asked /> }
}

/// That it is deleted, what that means, and the way back.
#[component]
pub fn Deleted(name: String, at: i64, may_restore: bool) -> impl IntoView {
    let texts = texts();
    view! {
        <div class="alert alert--notice">
            <Icon glyph=Glyph::Notice />
            <div class="stack stack--tight">
                <p>{texts.say("profile-delete.since")}" "<time datetime=machine_time(at)>{texts.moment(at)}</time></p>
                <p>{texts.say("profile-delete.follow")}</p>
                {may_restore.then(|| view! { <Restore name /> })}
            </div>
        </div>
    }
}

/// A profile that cannot be edited, for it is deleted.
#[derive(Debug)]
pub struct NotEdited {
    /// Its name.
    pub name: String,
    /// When it was deleted, in milliseconds of Unix time.
    pub at: i64,
    /// True for somebody who may have it back.
    pub may_restore: bool,
    /// True for somebody who may make a profile of their own from it.
    pub may_copy: bool,
}

impl NotEdited {
    /// What is offered in the place of its editor.
    pub fn view(self) -> impl IntoView {
        let texts = texts();
        let Self { name, at, may_restore, may_copy } = self;
        view! {
            <p class="lead">{texts.say("profile-delete.not-edited")}</p>
            <Deleted name=name.clone() at may_restore />
            <div class="button-row">
                {may_copy.then(|| view! {
                    <a class="button" href=one_more_copy(&name)><Icon glyph=Glyph::Copy />{texts.say("profiles.copy")}</a>
                })}
                <a class="button button--quiet" href=paths::profile(&name)>{texts.say("profiles.leave")}</a>
            </div>
        }
    }
}

#[component]
fn Restore(name: String) -> impl IntoView {
    let texts = texts();
    view! {
        <form action="/api/app/profile-restore" method="post">
            <input type="hidden" name="name" value=name.clone() />
            <button class="button button--small" type="submit">{texts.say("profile-delete.restore")}<span class="unseen">" "{name}</span></button>
        </form>
    }
}

/// The deleted ones, each with the way back; nothing where there are none.
#[component]
pub fn DeletedList(names: Vec<String>) -> impl IntoView {
    let texts = texts();
    (!names.is_empty()).then(|| {
        let rows = names
            .into_iter()
            .map(|name| {
                view! { <li class="history__item"><a href=paths::profile(&name)>{name.clone()}</a><Restore name /></li> }
            })
            .collect_view();
        view! {
            <section class="panel" aria-labelledby="deleted-title">
                <h2 id="deleted-title">{texts.say("profile-delete.list")}</h2>
                <p class="soft">{texts.say("profile-delete.follow")}</p>
                <ul class="history">{rows}</ul>
            </section>
        }
    })
}
