//! Profiles: the rules that releases follow, to be read, copied, written and tried.

pub mod choice;
pub mod deletion;
pub mod diff;
pub mod edit;
pub mod form;
pub mod one;
pub mod template;
pub mod trial;

use leptos::prelude::*;
use service::{
    Action, Actor, ProfileSummary, Resource,
    profiles::{DRAFT_DAYS, MOST_DRAFTS, Unsaved},
};

use self::deletion::DeletedList;
pub use self::{
    edit::{EditProfilePage, NewProfilePage},
    one::ProfilePage,
};
use crate::{
    components::{
        form::Done,
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
    },
    error::AppError,
    model::paths,
    ssr::{convert::convert, guard, profile_text, profiles::one_more_copy},
    texts::texts,
};

/// The list of profiles.
#[component]
pub fn ProfilesPage() -> impl IntoView {
    loaded(found(), page)
}

struct Found {
    actor: Actor,
    profiles: Vec<ProfileSummary>,
    /// What one is writing.
    unsaved: Vec<Unsaved>,
    /// The names of deleted ones, for whoever may have them back.
    deleted: Vec<String>,
}

async fn found() -> Result<Found, AppError> {
    let (actor, services) = guard::signed_in()?;
    let profiles = services.profiles().list(&actor).await.map_err(convert)?;
    let deleted = if actor.may(Resource::Profiles, Action::Delete) {
        services.profiles().deleted(&actor).await.map_err(convert)?
    } else {
        Vec::new()
    };
    let unsaved = services.profiles().drafts(&actor).await.map_err(convert)?;
    Ok(Found { actor, profiles, unsaved, deleted })
}

fn page(Found { actor, profiles, unsaved, deleted }: Found) -> AnyView {
    let texts = texts();
    let may_write = actor.may(Resource::Profiles, Action::Write);
    let rows = profiles.into_iter().map(|profile| view! { <ProfileRow profile may_write /> }).collect_view();
    view! {
        <Frame title=texts.say("profiles.title").to_owned()>
            <div class="narrow stack">
                <header>
                    <h1 id="profiles-title">{texts.say("profiles.title")}</h1>
                    <p class="lead">{texts.say("profiles.lead")}</p>
                </header>
                <Done />
                <UnsavedList unsaved />
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="profiles-title">
                    // As cards it stays a table for a screen reader: every browser goes by the roles.
                    <table class="cards" role="table">
                        <thead role="rowgroup">
                            <tr role="row">
                                <th scope="col" role="columnheader">{texts.say("profiles.profile")}</th>
                                <th scope="col" role="columnheader">{texts.say("profiles.layout")}</th>
                                <th scope="col" role="columnheader" class="number">{texts.say("profiles.version")}</th>
                                <th scope="col" role="columnheader"><span class="unseen">{texts.say("profiles.copy")}</span></th>
                            </tr>
                        </thead>
                        <tbody role="rowgroup">{rows}</tbody>
                    </table>
                </div>
                <DeletedList names=deleted />
            </div>
        </Frame>
    }
    .into_any()
}

#[component]
fn ProfileRow(profile: ProfileSummary, may_write: bool) -> impl IntoView {
    let texts = texts();
    let copy = one_more_copy(&profile.name);
    view! {
        <tr data-row="" role="row">
            <th scope="row" role="rowheader">
                <a class="profile-name" href=paths::profile(&profile.name) data-open="">{profile.name.clone()}</a>
                <p class="soft">{if profile.built_in { texts.say("profiles.built-in") } else { texts.say("profiles.own") }}</p>
            </th>
            <td role="cell">{texts.word("layout", profile_text::word(profile.layout))}</td>
            <td role="cell" class="number" data-label=texts.say("profiles.version")>{profile.version.to_string()}</td>
            <td role="cell">
                {may_write.then(|| view! {
                    <a class="button button--small" href=copy><Icon glyph=Glyph::Copy />{texts.say("profiles.copy")}</a>
                })}
            </td>
        </tr>
    }
}

/// What one began and did not save, with the way on; nothing where there is nothing.
#[component]
fn UnsavedList(unsaved: Vec<Unsaved>) -> impl IntoView {
    let texts = texts();
    (!unsaved.is_empty()).then(|| {
        let rows = unsaved
            .into_iter()
            .map(|one| {
                let (address, text) = if one.is_new {
                    (paths::new_profile(&one.draft), texts.say_with("profiles.unsaved-copy", &[("name", &one.profile)]))
                } else {
                    (
                        paths::edit_profile(&one.draft),
                        texts.say_with("profiles.unsaved-version", &[("name", &one.profile)]),
                    )
                };
                view! { <li><a href=address>{text}</a></li> }
            })
            .collect_view();
        view! {
            <section class="panel" aria-labelledby="unsaved-title">
                <h2 id="unsaved-title">{texts.say("profiles.unsaved")}</h2>
                <p class="soft">{texts.say_with("profiles.unsaved-kept", &[("most", &MOST_DRAFTS), ("days", &DRAFT_DAYS)])}</p>
                <ul class="history">{rows}</ul>
            </section>
        }
    })
}
