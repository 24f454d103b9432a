//! The cover of a book.

use leptos::prelude::*;
use service::thumbnail;

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
        // The style gives the size; the two numbers are the shape, for whoever comes before the style.
        let (source, width, height) = if thumb {
            (paths::small_cover(&release), thumbnail::WIDTH, thumbnail::HEIGHT)
        } else {
            (paths::cover(&release), 2, 3)
        };
        // Lazy in the first screen, too: what the page needs to answer comes before its pictures.
        view! { <img src=source alt="" width=width height=height loading="lazy" decoding="async" /> }.into_any()
    } else {
        view! { <Icon glyph=Glyph::Book /> }.into_any()
    };
    view! { <div class=class>{picture}</div> }
}
