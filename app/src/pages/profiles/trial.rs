//! A release as it would be under a profile.

use leptos::prelude::*;
use service::{Actor, Preview, ReleaseId, Services};

use crate::{
    components::{
        finding::Findings,
        icon::Glyph,
        mark::{Mark, Tone},
    },
    error::AppError,
    ssr::convert::{answer_with, told},
    texts::texts,
};

/// What a trial came to.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The package as it would be; or what is wrong with the profile.
    pub outcome: Result<Preview, AppError>,
}

/// Tries a text on a release. What is wrong with the text is an outcome; of a release that is not there nothing is.
pub async fn tried(
    services: &Services,
    actor: &Actor,
    text: &str,
    release: Option<ReleaseId>,
) -> Result<Option<Tried>, AppError> {
    let Some(release) = release else { return Ok(None) };
    match services.profiles().test(actor, text, release).await.map_err(told) {
        Err(AppError::NotFound { .. }) => Ok(None),
        Err(error) if !matches!(error, AppError::Conflict { .. }) => Err(answer_with(error)),
        outcome => Ok(Some(Tried { outcome })),
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
