//! The island of the review: files are dropped, fields followed, and nothing leaves the page.
//!
//! It draws nothing of its own. Every request it makes is one that the plain page could make, and what comes back is the
//! page as the server renders it, of which the regions that changed are taken.

mod drop;
mod fields;
mod rows;
mod upload_row;

use leptos::{html::Span, prelude::*};

/// Wakes the review by attributes that the server wrote:
///
/// - `form[data-drop]` with file inputs: files chosen there, or dropped anywhere on the page, are uploaded; its value is
///   the id of who is signed in;
/// - `template#upload-row` and `#uploads`: how an upload is shown, and where;
/// - `form#review-form[data-preview]`: previewed while typing, saved when a field is left;
/// - `button[data-save]`: sends its form without leaving the page;
/// - `a[data-open]` inside `#rows`: opens that release in place;
/// - `#desk[data-view=table]`: the batch has the page to itself, and no release is opened beside it;
/// - `input[data-all]` and `[data-chosen]`: see `islands::choosing`.
#[island]
pub fn Review() -> impl IntoView {
    let mark = NodeRef::<Span>::new();
    Effect::new(move |_| {
        let Some(element) = mark.get() else { return };
        drop::listen();
        fields::listen();
        rows::listen();
        fields::take_early();
        // A failure here only leaves the mark out.
        let _ = element.set_attribute("data-alive", "");
    });
    view! { <span hidden=true node_ref=mark></span> }
}
