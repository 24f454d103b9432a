//! The cover of a book.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::model::paths;

/// The cover, or a plain binding. Its picture says nothing that the title beside it does not, so it has no text.
#[component]
pub fn Cover(
    /// The release's id.
    release: String,
    /// False for a book without one.
    has_cover: bool,
    /// True in a list.
    #[prop(optional)]
    thumb: bool,
) -> impl IntoView {
    let class = if thumb { "cover cover--thumb" } else { "cover" };
    let picture = if has_cover {
        view! { <img src=paths::cover(&release) alt="" loading="lazy" decoding="async" /> }.into_any()
    } else {
        view! { <Icon glyph=Glyph::Book /> }.into_any()
    };
    view! { <div class=class>{picture}</div> }
}
