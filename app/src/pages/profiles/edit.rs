//! Writing a profile: the text, what is wrong with it as one types, and a release tried under it.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use service::{Action, Actor, ProfileView, ReleaseQuery, ReleaseSummary, Resource, Services};

use super::{
    diff::Diff,
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
    /// The version that the text was begun from; 0 for a copy.
    seen: u32,
    /// What somebody else saved since.
    meanwhile: Option<Meanwhile>,
    text: String,
    /// True when the text is a draft that was not saved.
    is_draft: bool,
    releases: Vec<ReleaseSummary>,
}

/// A version that was saved while a draft was written from an older one.
struct Meanwhile {
    version: u32,
    /// The text that the draft was begun from.
    before: String,
    /// The text of the latest version.
    after: String,
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
    let text = services.profiles().copy_of(&actor, &from).await.map_err(convert)?;
    let kept = services.profiles().draft(&actor, &from, true).await.map_err(convert)?;
    Ok(Writing {
        draft: from,
        seen: 0,
        meanwhile: None,
        is_draft: kept.is_some(),
        text: kept.map_or(text, |kept| kept.text),
        releases: to_try(&services, &actor).await?,
    })
}

async fn edited(name: String) -> Result<Writing, AppError> {
    let (actor, services) = guard::allowed(Resource::Profiles, Action::Modify)?;
    let view = services.profiles().lookup(&actor, &name).await.map_err(convert)?;
    if view.summary.built_in {
        // What comes with the product is never changed: it is copied.
        return copied(name).await;
    }
    let kept = services.profiles().draft(&actor, &name, false).await.map_err(convert)?;
    let seen = kept.as_ref().map_or(view.summary.version, |kept| kept.seen);
    Ok(Writing {
        draft: name,
        seen,
        meanwhile: meanwhile(&view, seen),
        is_draft: kept.is_some(),
        text: kept.map_or(view.text, |kept| kept.text),
        releases: to_try(&services, &actor).await?,
    })
}

fn meanwhile(view: &ProfileView, seen: u32) -> Option<Meanwhile> {
    let version = view.summary.version;
    let before = || view.versions.iter().find(|one| one.version == seen).map(|one| one.text.clone());
    (seen < version).then(|| Meanwhile { version, before: before().unwrap_or_default(), after: view.text.clone() })
}

async fn to_try(services: &Services, actor: &Actor) -> Result<Vec<ReleaseSummary>, AppError> {
    let query = ReleaseQuery { limit: TRIED, ..ReleaseQuery::default() };
    Ok(services.releases().list(actor, &query).await.map_err(convert)?.items)
}

fn page(writing: Writing) -> AnyView {
    let texts = texts();
    let Writing { draft, seen, meanwhile, text, is_draft, releases } = writing;
    let error = returned_error("/api/app/profile-save");
    let title = if seen == 0 { texts.say("profiles.new") } else { texts.say("profiles.edit") };
    let lines = text.lines().count().clamp(20, 60);
    let save = match &meanwhile {
        Some(Meanwhile { version, .. }) => texts.say_with("profiles.save-over", &[("version", version)]),
        None => texts.say("profiles.save").to_owned(),
    };
    let over = meanwhile.as_ref().map(|meanwhile| meanwhile.version.to_string());
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
                        <input type="hidden" name="is_new" value=(seen == 0).to_string() />
                        <button type="submit" class="button button--small">{texts.say("profiles.discard")}</button>
                    </form>
                })}
                {meanwhile.map(|Meanwhile { version, before, after }| view! {
                    <section class="panel" aria-labelledby="meanwhile-title">
                        <h2 id="meanwhile-title">{texts.say_with("profiles.meanwhile", &[("version", &version)])}</h2>
                        <p>{texts.say("profiles.meanwhile-text")}</p>
                        <Diff before after />
                    </section>
                })}
                <form id="profile-form" class="profile-editor" method="post" action="/api/app/profile-save"
                    data-follow-to="/api/app/profile-check">
                    <input type="hidden" name="form[draft]" value=draft />
                    <input type="hidden" name="form[seen]" value=seen.to_string() />
                    {over.map(|over| view! { <input type="hidden" name="form[over]" value=over /> })}
                    <div class="field">
                        <label for="profile-text">"TOML"</label>
                        <textarea id="profile-text" class="mono profile-editor__text" name="form[text]" rows=lines.to_string()
                            spellcheck="false" autocapitalize="none" wrap="off" aria-describedby="profile-outcome">{raw_text(&text)}</textarea>
                    </div>
                    <div class="stack profile-editor__side">
                        <div class="button-row">
                            <button type="submit" class="button button--primary">{save}</button>
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
