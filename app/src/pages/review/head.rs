//! The book: cover, title, author, and what it is.

use leptos::prelude::*;
use service::{Preview, Release};

use crate::{model::paths, texts::texts};

#[component]
pub fn Head(release: Release, preview: Preview) -> impl IntoView {
    let say = texts();
    let summary = release.summary.clone();
    let fields = preview.fields.or(release.fields);
    let title = fields.as_ref().map_or(summary.title, |fields| fields.title.clone());
    let authors = fields.as_ref().map_or(summary.authors, |fields| fields.authors.join(", "));
    let metadata = release.book.metadata.unwrap_or_default();
    let format = summary.format.map(|format| match &metadata.format_version {
        Some(version) => format!("{} {version}", format.word().to_uppercase()),
        None => format.word().to_uppercase(),
    });
    let facts: Vec<String> = [
        format,
        Some(say.size(summary.size)),
        metadata.words.map(|words| say.count("review.words", words)),
        metadata.languages.first().cloned(),
        summary.rights_basis.map(|basis| say.rights(&basis)),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <header id="review-head" class="book" data-live>
            {if summary.has_cover {
                view! {
                    <img class="book__cover" src=paths::cover(&summary.id.to_string()) alt=say.say("review.cover-alt") />
                }
                .into_any()
            } else {
                view! { <div class="book__cover book__cover--none" aria-hidden="true">{title.clone()}</div> }.into_any()
            }}
            <div class="book__words">
                <h1 class="book__title">{title.clone()}</h1>
                {(!authors.is_empty()).then(|| view! { <p class="book__authors">{authors.clone()}</p> })}
                <p class="book__facts">{facts.join(" · ")}</p>
                <p class="book__file" id="review-file" tabindex="-1"><code>{summary.file_name.clone()}</code></p>
            </div>
        </header>
    }
}
