//! Profiles: the rules that releases follow, to be read, copied, written and tried.

pub mod diff;
pub mod edit;
pub mod form;
pub mod one;
pub mod template;
pub mod trial;

use leptos::prelude::*;
use service::{Action, Actor, ProfileSummary, Resource};

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
    ssr::{convert::convert, guard, profile_text},
    texts::texts,
};

/// The list of profiles.
#[component]
pub fn ProfilesPage() -> impl IntoView {
    loaded(found(), page)
}

async fn found() -> Result<(Actor, Vec<ProfileSummary>), AppError> {
    let (actor, services) = guard::signed_in()?;
    let profiles = services.profiles().list(&actor).await.map_err(convert)?;
    Ok((actor, profiles))
}

fn page((actor, profiles): (Actor, Vec<ProfileSummary>)) -> AnyView {
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
                <div class="table-scroll" tabindex="0" role="group" aria-labelledby="profiles-title">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{texts.say("profiles.profile")}</th>
                                <th scope="col">{texts.say("profiles.layout")}</th>
                                <th scope="col" class="number">{texts.say("profiles.version")}</th>
                                <th scope="col"><span class="unseen">{texts.say("profiles.copy")}</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </div>
        </Frame>
    }
    .into_any()
}

#[component]
fn ProfileRow(profile: ProfileSummary, may_write: bool) -> impl IntoView {
    let texts = texts();
    let copy = paths::new_profile(&profile.name);
    view! {
        <tr data-row="">
            <th scope="row">
                <a class="profile-name" href=paths::profile(&profile.name) data-open="">{profile.name.clone()}</a>
                <p class="soft">{if profile.built_in { texts.say("profiles.built-in") } else { texts.say("profiles.own") }}</p>
            </th>
            <td>{texts.word("layout", profile_text::word(profile.layout))}</td>
            <td class="number">{profile.version.to_string()}</td>
            <td>
                {may_write.then(|| view! {
                    <a class="button button--small" href=copy><Icon glyph=Glyph::Copy />{texts.say("profiles.copy")}</a>
                })}
            </td>
        </tr>
    }
}
