//! What stands before chosen releases are deleted: how many and which go, and the way out.

use leptos::prelude::*;
use service::ReleaseSummary;

use crate::{
    components::{
        icon::{Glyph, Icon},
        mark::ReleaseMark,
    },
    texts::texts,
};

/// Asks once; nothing where nothing is to be deleted. `back` is the list as it was.
#[component]
pub fn DeleteChosen(releases: Vec<ReleaseSummary>, back: String) -> impl IntoView {
    let texts = texts();
    (!releases.is_empty()).then(|| {
        let count = releases.len() as u64;
        let rows = releases
            .into_iter()
            .map(|release| {
                view! {
                    <li>
                        <input type="hidden" name="form[releases][]" value=release.id.to_string() />
                        <strong>{release.title}</strong>" "
                        {release.name.map(|name| view! { <span class="release-name">{name}</span>" " })}
                        <ReleaseMark status=release.status withdrawn=release.withdrawn_at.is_some() />
                    </li>
                }
            })
            .collect_view();
        view! {
            <form class="panel deletion" method="post" action="/api/app/releases-act" aria-labelledby="deletion-title">
                <h2 id="deletion-title" tabindex="-1">{texts.count("releases.delete-title", count)}</h2>
                <p>{texts.say("releases.delete-text")}</p>
                <ul class="deletion__list" tabindex="0" aria-labelledby="deletion-title">{rows}</ul>
                <input type="hidden" name="form[back]" value=back.clone() />
                <div class="button-row">
                    <a class="button" href=back>{texts.say("releases.keep-chosen")}</a>
                    <button type="submit" class="button button--danger" name="form[action]" value="delete-these">
                        <Icon glyph=Glyph::Delete />{texts.count("releases.delete-these", count)}
                    </button>
                </div>
            </form>
        }
    })
}
