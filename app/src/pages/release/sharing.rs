//! The link with which anybody compares a package with what was released: made, shown once, withdrawn.

use leptos::prelude::*;
use service::{Action, Actor, Release, Resource, VerifyLink};

use crate::{
    components::{
        ask::{Ask, Asked, Look},
        copy_button::CopyButton,
        icon::{Glyph, Icon},
    },
    model::paths,
    ssr::{context, once},
    texts::{Texts, texts, time::machine_time},
};

/// The link that was just made, the one time that it can be read.
#[component]
pub fn MadeLink() -> impl IntoView {
    let texts = texts();
    once::take("verify-link").map(|token| {
        let url = format!("{}{}", context::origin(), paths::published(&token));
        view! {
            <section class="panel" aria-labelledby="made-link-title">
                <h2 id="made-link-title">{texts.say("sharing.made-title")}</h2>
                <p>{texts.say("sharing.made-text")}</p>
                <p class="secret"><code>{url.clone()}</code><CopyButton text=url.clone() what=texts.say("sharing.title").to_owned() /></p>
                <p><a href=url>{texts.say("sharing.open")}</a></p>
            </section>
        }
    })
}

/// Whether there is a link, and what its owner may do about it.
#[component]
pub fn Sharing(release: Release, actor: Actor, link: Option<VerifyLink>) -> impl IntoView {
    let texts = texts();
    let id = release.summary.id.to_string();
    let is_owner = release.summary.created_by == actor.user_id || actor.is_administrator();
    let may_change = is_owner && actor.may(Resource::Releases, Action::Modify);
    let state = match link {
        Some(link) => view! {
            <p>
                {texts.say("sharing.is-made")}" "
                <time datetime=machine_time(link.created_at.0)>{texts.moment(link.created_at.0)}</time>
            </p>
        }
        .into_any(),
        None => view! { <p class="soft">{texts.say("sharing.none")}</p> }.into_any(),
    };
    let has_link = link.is_some();
    view! {
        <section class="panel" aria-labelledby="sharing-title">
            <h2 id="sharing-title">{texts.say("sharing.title")}</h2>
            {state}
            <p class="soft">{texts.say("sharing.text")}</p>
            {may_change.then(|| view! {
                <div class="button-row">
                    {if has_link {
                        let (replace, withdraw) = (texts.say("sharing.replace"), texts.say("sharing.withdraw"));
                        let replace_title = texts.say("sharing.replace-title");
                        let withdraw_title = texts.say("sharing.withdraw-title");
                        view! {
                            <Ask asked=asked(texts, id.clone(), "make-verify-link", replace, replace_title) look=Look::Small />
                            <Ask asked=asked(texts, id, "withdraw-verify-link", withdraw, withdraw_title) look=Look::Small />
                        }
                        .into_any()
                    } else {
                        view! {
                            <form action="/api/app/make-verify-link" method="post">
                                <input type="hidden" name="release" value=id />
                                <button class="button button--small" type="submit"><Icon glyph=Glyph::Link />{texts.say("sharing.make")}</button>
                            </form>
                        }
                        .into_any()
                    }}
                </div>
            })}
            {(!may_change).then(|| view! { <p class="soft">{texts.say("sharing.not-yours")}</p> })}
        </section>
    }
}

/// Says who will be left outside before it is done.
fn asked(texts: Texts, release: String, door: &'static str, open: &'static str, title: &'static str) -> Asked {
    Asked {
        id: door,
        open,
        glyph: Glyph::Link,
        title: title.to_owned(),
        text: texts.say("sharing.ends").to_owned(),
        action: format!("/api/app/{door}"),
        sent: ("release", release),
        keep: texts.say("sharing.keep"),
        submit: open,
    }
}
