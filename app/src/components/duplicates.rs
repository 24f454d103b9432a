//! What may be the same release once more: a note, with the way to each.

use leptos::prelude::*;
use service::Duplicate;

use super::{
    icon::{Glyph, Icon},
    mark::ReleaseMark,
};
use crate::{model::paths, texts::texts};

/// Each with what the two have in common; nothing where there are none.
#[component]
pub fn Duplicates(
    /// The others.
    duplicates: Vec<Duplicate>,
) -> impl IntoView {
    let texts = texts();
    (!duplicates.is_empty()).then(|| {
        let rows = duplicates
            .into_iter()
            .map(|one| {
                let by = (!one.authors.is_empty()).then(|| view! { <span class="soft">{one.authors}</span> });
                view! {
                    <li class="duplicate">
                        <p class="duplicate__why">{texts.word("likeness", one.likeness.word())}</p>
                        <p><a href=paths::release(&one.id.to_string())>{one.name.unwrap_or(one.title)}</a>" "{by}</p>
                        <ReleaseMark status=one.status />
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="panel duplicates" aria-labelledby="duplicates-title">
                <h2 id="duplicates-title"><Icon glyph=Glyph::Notice />{texts.say("duplicates.title")}</h2>
                <p class="soft">{texts.say("duplicates.text")}</p>
                <ul>{rows}</ul>
            </section>
        }
    })
}
