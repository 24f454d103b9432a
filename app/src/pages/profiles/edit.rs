//! Writing a profile: the text, what is wrong with it as one types, and a release tried under it.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use service::{Action, Actor, ProfileView, ReleaseQuery, ReleaseSummary, Resource, Services};

use super::{
    one::TRIED,
    trial::{ReleaseChoice, Trial, Tried, tried},
};
use crate::{
    components::{
        form::{FormError, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
        raw_text::raw_text,
    },
    error::AppError,
    islands::Follow,
    model::paths,
    ssr::{
        convert::{answer_with, convert, told},
        guard,
    },
    texts::texts,
};

struct Writing {
    /// What the draft is kept under: the name of the profile, or of the one that it is a copy of.
    draft: String,
    /// The version that it is written from; 0 for a copy.
    seen: u32,
    text: String,
    /// True when the text is a draft that was not saved.
    is_draft: bool,
    releases: Vec<ReleaseSummary>,
}

/// A copy of a profile, to be made one's own.
#[component]
pub fn NewProfilePage() -> impl IntoView {
    let from = use_query_map().get_untracked().get("from").unwrap_or_else(|| "plain".to_owned());
    loaded(copied(from), page)
}

/// The next version of a profile of one's own.
#[component]
pub fn EditProfilePage() -> impl IntoView {
    let name = use_params_map().get_untracked().get("name").unwrap_or_default();
    loaded(edited(name), page)
}

async fn copied(from: String) -> Result<Writing, AppError> {
    let (actor, services) = guard::allowed(Resource::Profiles, Action::Write)?;
    let ProfileView { text, .. } = services.profiles().lookup(&actor, &from).await.map_err(convert)?;
    let own = format!("my-{from}");
    let copy = text.replacen(&format!("name = \"{from}\""), &format!("name = \"{own}\""), 1);
    writing(&services, &actor, own, 0, copy).await
}

async fn edited(name: String) -> Result<Writing, AppError> {
    let (actor, services) = guard::allowed(Resource::Profiles, Action::Modify)?;
    let ProfileView { summary, text, .. } = services.profiles().lookup(&actor, &name).await.map_err(convert)?;
    let seen = if summary.built_in { 0 } else { summary.version };
    writing(&services, &actor, name, seen, text).await
}

async fn writing(
    services: &Services,
    actor: &Actor,
    draft: String,
    seen: u32,
    text: String,
) -> Result<Writing, AppError> {
    let kept = services.profiles().draft(actor, &draft).await.map_err(convert)?;
    let query = ReleaseQuery { limit: TRIED, ..ReleaseQuery::default() };
    let releases = services.releases().list(actor, &query).await.map_err(convert)?.items;
    Ok(Writing { draft, seen, is_draft: kept.is_some(), text: kept.unwrap_or(text), releases })
}

fn page(writing: Writing) -> AnyView {
    let texts = texts();
    let Writing { draft, seen, text, is_draft, releases } = writing;
    let error = returned_error("/api/app/profile-save");
    let title = if seen == 0 { texts.say("profiles.new") } else { texts.say("profiles.edit") };
    let lines = text.lines().count().clamp(20, 60);
    let back = if seen == 0 { paths::PROFILES.to_owned() } else { paths::profile(&draft) };
    view! {
        <Frame title=title.to_owned()>
            <div class="stack">
                <header><h1>{title}</h1><p class="lead">{texts.say("profiles.edit-lead")}</p></header>
                <FormError error />
                {is_draft.then(|| view! {
                    <form class="alert alert--notice" method="post" action="/api/app/profile-discard">
                        <Icon glyph=Glyph::Notice />
                        <p>{texts.say("profiles.is-draft")}</p>
                        <input type="hidden" name="draft" value=draft.clone() />
                        <button type="submit" class="button button--small">{texts.say("profiles.discard")}</button>
                    </form>
                })}
                <form id="profile-form" class="profile-editor" method="post" action="/api/app/profile-save"
                    data-follow-to="/api/app/profile-check">
                    <input type="hidden" name="form[draft]" value=draft />
                    <input type="hidden" name="form[seen]" value=seen.to_string() />
                    <div class="field">
                        <label for="profile-text">"TOML"</label>
                        <textarea id="profile-text" class="mono profile-editor__text" name="form[text]" rows=lines.to_string()
                            spellcheck="false" autocapitalize="none" wrap="off" aria-describedby="profile-outcome">{raw_text(&text)}</textarea>
                    </div>
                    <div class="stack profile-editor__side">
                        <div class="button-row">
                            <button type="submit" class="button button--primary">{texts.say("profiles.save")}</button>
                            <a class="button button--quiet" href=back>{texts.say("profiles.leave")}</a>
                        </div>
                        <ReleaseChoice name="form[release]" releases chosen=None />
                        <div id="profile-outcome" class="stack" data-live role="status"></div>
                    </div>
                </form>
            </div>
            <Follow />
        </Frame>
    }
    .into_any()
}

/// The outcome of a text as HTML, for the page that follows what is typed.
pub async fn outcome_html(services: &Services, actor: &Actor, text: &str, release: &str) -> Result<String, AppError> {
    let checked = services.profiles().check(actor, text).map_err(told);
    let (error, tried) = match checked {
        Err(error @ AppError::Conflict { .. }) => (Some(error), None),
        Err(error) => return Err(answer_with(error)),
        Ok(()) if release.is_empty() => (None, None),
        Ok(()) => (None, Some(tried(services, actor, text, release).await?)),
    };
    let good = error.is_none().then(|| texts().say("profiles.good"));
    Ok(view! {
        <div>
            <div id="profile-outcome">
                {good.map(|good| view! { <p class="all-done"><Icon glyph=Glyph::Good />{good}</p> })}
                <Outcome error tried />
            </div>
        </div>
    }
    .to_html())
}

/// What is wrong with the text, or what a release would be under it.
#[component]
fn Outcome(error: Option<AppError>, tried: Option<Tried>) -> impl IntoView {
    let texts = texts();
    view! {
        {error.map(|error| view! {
            <div class="alert alert--wrong"><Icon glyph=Glyph::Wrong /><p>{texts.error(&error)}</p></div>
        })}
        {tried.map(|tried| view! { <Trial tried /> })}
    }
}
