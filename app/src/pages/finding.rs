//! What a finding's code means: what is wrong, why it matters, how it is put right.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    components::{error_view::error_view, frame::Frame, prose::Prose},
    error::AppError,
    model::paths,
    ssr::{convert::answer_with, explanation},
    texts::texts,
};

/// The page of a code.
#[component]
pub fn FindingPage() -> impl IntoView {
    let texts = texts();
    let code = use_params_map().get_untracked().get("code").unwrap_or_default();
    let Some(page) = explanation::page(&code, texts) else {
        return error_view(&answer_with(AppError::not_found("finding")));
    };
    let part = |title: &'static str, text: String| view! { <section><h2>{title}</h2><p><Prose text /></p></section> };
    view! {
        <Frame title=code.clone()>
            <article class="narrow finding-page">
                <div>
                    <p class="finding-page__code">{code.clone()}</p>
                    <h1><Prose text=page.what /></h1>
                </div>
                {part(texts.say("finding.why"), page.why)}
                {part(texts.say("finding.fix"), page.fix)}
                <p><a href=paths::FINDINGS>{texts.say("finding.all")}</a></p>
            </article>
        </Frame>
    }
    .into_any()
}
