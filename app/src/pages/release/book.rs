//! What a release goes by, with where each value came from, and the book's own table of contents.

use std::borrow::Cow;

use leptos::prelude::*;
use packer::{
    inspect::Chapter,
    metadata::{Field, Fields},
};
use service::Release;

use crate::{components::copy_button::CopyButton, texts::texts};

/// Metadata with its origins, and the book's own file.
#[component]
pub fn BookPanel(release: Release) -> impl IntoView {
    let texts = texts();
    let fields = release.fields.as_ref().map(|fields| {
        Field::ALL
            .into_iter()
            .filter(|field| *field != Field::Description)
            .filter_map(|field| Some((field, value(fields, field)?)))
            .map(|(field, value)| {
                let origin = fields.origins.get(&field).map(|origin| {
                    let word = match origin {
                        packer::metadata::Origin::Book => "book",
                        packer::metadata::Origin::File => "file",
                        packer::metadata::Origin::Person => "person",
                        packer::metadata::Origin::Mended => "mended",
                        packer::metadata::Origin::Fallback => "fallback",
                    };
                    view! { <small class="origin">{texts.word("origin", word)}</small> }
                });
                view! { <dt>{texts.word("field", field.word())}</dt><dd>{value.into_owned()}" "{origin}</dd> }
            })
            .collect_view()
    });
    let description = release.fields.as_ref().and_then(|fields| fields.description.clone());
    let sha256 = release.book.sha256.to_string();
    let short = sha256.get(..16).unwrap_or_default().to_owned();
    let rights = release.rights.clone();
    let note = rights.as_ref().and_then(|rights| rights.note.clone());
    view! {
        <section class="panel" aria-labelledby="metadata-title">
            <h2 id="metadata-title">{texts.say("metadata.title")}</h2>
            <dl class="facts">
                {fields}
                {rights.map(|rights| view! {
                    <dt>{texts.say("metadata.rights")}</dt><dd>{texts.rights(&rights.basis)}{note.map(|note| view! { <br />{note} })}</dd>
                })}
                <dt>{texts.say("metadata.date")}</dt><dd>{release.release_date.to_string()}</dd>
                <dt>{texts.say("metadata.file")}</dt><dd>{release.book.file_name}</dd>
                <dt>"SHA-256"</dt>
                <dd class="mono"><span class="sum"><abbr title=sha256.clone()>{short}"…"</abbr><CopyButton text=sha256 what="SHA-256".to_owned() /></span></dd>
            </dl>
            {description.map(|description| view! {
                <details><summary>{texts.word("field", Field::Description.word())}</summary><p class="prose">{description}</p></details>
            })}
        </section>
    }
}

/// The table of contents, closed at first: it is long and seldom asked for.
#[component]
pub fn Chapters(chapters: Vec<Chapter>) -> impl IntoView {
    let texts = texts();
    (!chapters.is_empty()).then(|| {
        let count = texts.count("chapters.count", chapters.len() as u64);
        let items = chapters
            .into_iter()
            .map(
                |chapter| view! { <li class=format!("chapter chapter--{}", chapter.depth.min(3))>{chapter.label}</li> },
            )
            .collect_view();
        view! {
            <section class="panel" aria-labelledby="chapters-title">
                <h2 id="chapters-title">{texts.say("chapters.title")}</h2>
                <details>
                    <summary>{count}</summary>
                    <ol class="chapters">{items}</ol>
                </details>
            </section>
        }
    })
}

/// The text of a field, or nothing when the release has no value for it.
pub(super) fn value(fields: &Fields, field: Field) -> Option<Cow<'_, str>> {
    let text = |value: &'_ Option<String>| value.clone().map(Cow::Owned);
    let list = |values: &[String]| (!values.is_empty()).then(|| Cow::Owned(values.join(", ")));
    match field {
        Field::Kind => Some(texts().word("kind", fields.kind.word()).into()),
        Field::Source => Some(fields.source.tag().into()),
        Field::Title => Some(fields.title.as_str().into()),
        Field::Authors => list(&fields.authors),
        Field::Publisher => text(&fields.publisher),
        Field::Language => text(&fields.language),
        Field::Year => Some(fields.year.to_string().into()),
        Field::Edition => text(&fields.edition),
        Field::Volume => text(&fields.volume),
        Field::Issue => text(&fields.issue),
        Field::IssueDate => text(&fields.issue_date),
        Field::Isbn => text(&fields.isbn),
        Field::Genre => text(&fields.genre),
        Field::Url => text(&fields.url),
        Field::Description => text(&fields.description),
        Field::Tags => list(&fields.tags),
        Field::Corrects => text(&fields.corrects),
    }
}
