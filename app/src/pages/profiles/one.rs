//! One profile: its text, its versions, and a release tried under it.

use leptos::prelude::*;
use leptos_router::{
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};
use service::{Action, Actor, ProfileView, Resource};

use super::{
    choice::{Choice, FindRelease, ReleaseChoice, Wish},
    deletion::{Delete, Deleted},
    diff::Diff,
    trial::{Trial, Tried, tried},
};
use crate::{
    components::{
        copy_button::CopyButton,
        form::{Done, FormError, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
    },
    error::AppError,
    model::paths,
    ssr::{convert::convert, guard, profiles::one_more_copy},
    texts::{texts, time::machine_time},
};

struct Shown {
    actor: Actor,
    profile: ProfileView,
    choice: Choice,
    tried: Option<Tried>,
    /// The version that the present one is compared with.
    compare: Option<u32>,
}

/// The page of a profile.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let name = use_params_map().get_untracked().get("name").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let compare = query.get("compare").and_then(|version| version.parse().ok());
    loaded(found(name, query, compare), page)
}

async fn found(name: String, query: ParamsMap, compare: Option<u32>) -> Result<Shown, AppError> {
    let (actor, services) = guard::signed_in()?;
    let profile = services.profiles().lookup(&actor, &name).await.map_err(convert)?;
    let choice = Choice::of(&services, &actor, Wish::from_query(&query)).await?;
    let tried = tried(&services, &actor, &profile.text, choice.chosen).await?;
    Ok(Shown { actor, profile, choice, tried, compare })
}

fn page(shown: Shown) -> AnyView {
    let texts = texts();
    let Shown { actor, profile, choice, tried, compare } = shown;
    let ProfileView { summary, text, versions, deleted_at } = profile;
    let name = summary.name.clone();
    let deletes = !summary.built_in && actor.may(Resource::Profiles, Action::Delete);
    let error = ["/api/app/profile-delete", "/api/app/profile-restore"].into_iter().find_map(returned_error);
    let may_edit = !summary.built_in && deleted_at.is_none() && actor.may(Resource::Profiles, Action::Modify);
    let may_copy = actor.may(Resource::Profiles, Action::Write);
    // What was tried here is tried there.
    let on_it = |address: String| match choice.chosen {
        Some(id) => paths::with(&address, "release", &id.to_string()),
        None => address,
    };
    let (edit_address, copy_address) = (on_it(paths::edit_profile(&name)), on_it(one_more_copy(&name)));
    let origin = if summary.built_in { texts.say("profiles.built-in") } else { texts.say("profiles.own") };
    let compared = compare.and_then(|wanted| versions.iter().find(|one| one.version == wanted)).cloned();
    let rows = versions
        .iter()
        .map(|one| {
            let address = format!("{}?compare={}", paths::profile(&name), one.version);
            let is_latest = one.version == summary.version;
            view! {
                <li class="history__item">
                    {if is_latest {
                        view! { <span>{texts.say_with("profiles.version-number", &[("version", &one.version)])}</span> }.into_any()
                    } else {
                        view! { <a href=address>{texts.say_with("profiles.version-number", &[("version", &one.version)])}</a> }.into_any()
                    }}
                    <time class="soft" datetime=machine_time(one.created_at.0)>{texts.moment(one.created_at.0)}</time>
                </li>
            }
        })
        .collect_view();
    view! {
        <Frame title=name.clone()>
            <div class="stack">
                <div class="page-head">
                    <div><h1>{name.clone()}</h1><p>{origin}" · "{texts.say_with("profiles.version-number", &[("version", &summary.version)])}</p></div>
                    <div class="button-row">
                        {may_edit.then(|| view! {
                            <a class="button button--primary" href=edit_address><Icon glyph=Glyph::Edit />{texts.say("profiles.edit")}</a>
                        })}
                        {may_copy.then(|| view! {
                            <a class="button" href=copy_address><Icon glyph=Glyph::Copy />{texts.say("profiles.copy")}</a>
                        })}
                        {(deletes && deleted_at.is_none()).then(|| view! { <Delete name=name.clone() /> })}
                    </div>
                </div>
                <Done />
                <FormError error />
                {deleted_at.map(|at| view! { <Deleted name=name.clone() at=at.0 may_restore=deletes /> })}
                {compared.map(|old| view! {
                    <section class="panel">
                        <h2>{texts.say_with("profiles.since", &[("version", &old.version)])}</h2>
                        <Diff before=old.text after=text.clone() />
                    </section>
                })}
                <div class="columns">
                    <section class="panel" aria-labelledby="text-title">
                        <div class="panel__head">
                            <h2 id="text-title">"TOML"</h2>
                            <CopyButton text=text.clone() what="TOML".to_owned() />
                        </div>
                        <div class="nfo" tabindex="0" role="group" aria-labelledby="text-title"><pre>{text}</pre></div>
                    </section>
                    <div class="stack">
                        <section class="panel">
                            <h2>{texts.say("profiles.try")}</h2>
                            <form class="form" method="get" action=paths::profile(&name)>
                                <FindRelease name="find" find=choice.find.clone() />
                                <ReleaseChoice name="release" found="found" choice />
                                <div><button type="submit" class="button">{texts.say("profiles.try-go")}</button></div>
                            </form>
                            {tried.map(|tried| view! { <Trial tried /> })}
                        </section>
                        {(!versions.is_empty()).then(|| view! {
                            <section class="panel">
                                <h2>{texts.say("profiles.versions")}</h2>
                                <p class="soft">{texts.say("profiles.versions-text")}</p>
                                <ul class="history">{rows}</ul>
                            </section>
                        })}
                    </div>
                </div>
            </div>
        </Frame>
    }
    .into_any()
}
