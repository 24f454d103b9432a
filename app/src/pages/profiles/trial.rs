//! A release as it would be under a profile.

use leptos::prelude::*;
use service::{Actor, Preview, ReleaseId, ReleaseQuery, ReleaseSummary, Services};

use crate::{
    components::{
        finding::Findings,
        icon::Glyph,
        mark::{Mark, Tone},
    },
    error::AppError,
    ssr::{
        convert::{answer_with, convert, told},
        review,
    },
    texts::texts,
};

/// Releases that are offered at one time.
const OFFERED: u32 = 20;

/// The releases that can be tried.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// The words that they are found by.
    pub find: String,
    /// Those that have the words, without any the last that were changed; and the one that is chosen.
    pub releases: Vec<ReleaseSummary>,
    /// The one that is tried.
    pub chosen: Option<String>,
    /// True when no release has the words.
    pub is_nothing_found: bool,
}

impl Choice {
    /// What can be tried, with one that is chosen: whoever finds others chooses the first of them.
    ///
    /// # Errors
    /// Those of listing releases.
    pub async fn of(services: &Services, actor: &Actor, find: &str, chosen: Option<&str>) -> Result<Self, AppError> {
        let find = find.trim().to_owned();
        let search = (!find.is_empty()).then(|| find.clone());
        let query = ReleaseQuery { search, limit: OFFERED, ..ReleaseQuery::default() };
        let mut releases = services.releases().list(actor, &query).await.map_err(convert)?.items;
        let is_nothing_found = releases.is_empty() && !find.is_empty();
        let is_offered = |releases: &[ReleaseSummary], id: ReleaseId| releases.iter().any(|release| release.id == id);
        let chosen = chosen.and_then(|id| review::release_id(id).ok());
        let chosen = match chosen {
            Some(id) if is_offered(&releases, id) => Some(id),
            Some(_) if !find.is_empty() && !is_nothing_found => releases.first().map(|first| first.id),
            Some(id) => {
                let own = ReleaseQuery { ids: vec![id], limit: 1, ..ReleaseQuery::default() };
                releases.splice(0..0, services.releases().list(actor, &own).await.map_err(convert)?.items);
                Some(id)
            }
            None if find.is_empty() => None,
            None => releases.first().map(|first| first.id),
        };
        Ok(Self { find, releases, chosen: chosen.map(|id| id.to_string()), is_nothing_found })
    }
}

/// What a trial came to.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The release's id.
    pub release: String,
    /// The package as it would be; or what is wrong with the profile.
    pub outcome: Result<Preview, AppError>,
}

/// Tries a text on a release. What is wrong with the text is an outcome; a release that is not there is an error.
pub async fn tried(services: &Services, actor: &Actor, text: &str, release: &str) -> Result<Tried, AppError> {
    let id = review::release_id(release)?;
    let outcome = services.profiles().test(actor, text, id).await.map_err(told);
    match outcome {
        Err(error) if !matches!(error, AppError::Conflict { .. }) => Err(answer_with(error)),
        outcome => Ok(Tried { release: release.to_owned(), outcome }),
    }
}

/// The words that a release to try is found by.
#[component]
pub fn FindRelease(name: &'static str, find: String) -> impl IntoView {
    let texts = texts();
    view! {
        <div class="field">
            <label for="try-find">{texts.say("profiles.try-find")}</label>
            <input type="search" id="try-find" name=name value=find autocomplete="off" aria-describedby="try-find-hint" />
            <p id="try-find-hint" class="field__hint">{texts.say("profiles.try-find-hint")}</p>
        </div>
    }
}

/// The release that is tried.
#[component]
pub fn ReleaseChoice(name: &'static str, choice: Choice) -> impl IntoView {
    let texts = texts();
    let Choice { releases, chosen, is_nothing_found, .. } = choice;
    let options = releases
        .into_iter()
        .map(|release| {
            let id = release.id.to_string();
            let selected = chosen.as_ref() == Some(&id);
            view! { <option value=id selected=selected>{release.title}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for="try-release">{texts.say("profiles.try-release")}</label>
            <select id="try-release" name=name>
                <option value="">{texts.say("profiles.try-none")}</option>
                {options}
            </select>
            {is_nothing_found.then(|| view! { <p class="field__hint" role="status">{texts.say("profiles.try-nothing")}</p> })}
        </div>
    }
}

/// Name, what keeps it from being packed, and the NFO.
#[component]
pub fn Trial(
    tried: Tried,
    /// False where the NFO is shown elsewhere.
    #[prop(default = true)]
    with_nfo: bool,
) -> impl IntoView {
    let texts = texts();
    match tried.outcome {
        Err(error) => view! { <p class="alert alert--wrong">{texts.error(&error)}</p> }.into_any(),
        Ok(preview) => {
            let problems =
                preview.problems.into_iter().map(|problem| view! { <li>{texts.problem(problem)}</li> }).collect_view();
            let blocking: Vec<_> =
                preview.blocking.iter().filter_map(|index| preview.findings.get(*index)).cloned().collect();
            let (tone, glyph, word) = if preview.ready {
                (Tone::Good, Glyph::Good, texts.say("review.ready"))
            } else {
                (Tone::Notice, Glyph::Notice, texts.say("review.not-ready"))
            };
            view! {
                <div class="stack">
                    <p><Mark tone glyph word /></p>
                    {preview.name.map(|name| view! { <p class="release-name">{name}</p> })}
                    <ul class="to-do">{problems}</ul>
                    {(!blocking.is_empty()).then(|| view! { <Findings findings=blocking /> })}
                    {(with_nfo && !preview.nfo_text.is_empty()).then(|| view! {
                        <div class="nfo" tabindex="0" role="region" aria-label="NFO"><pre>{preview.nfo_text}</pre></div>
                    })}
                </div>
            }
            .into_any()
        }
    }
}
