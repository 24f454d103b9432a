//! What a group keeps, and may keep.

use leptos::prelude::*;

use crate::texts::texts;

/// Bytes in words, and as a bar where there is a limit.
#[component]
pub fn Kept(
    /// The group's tag.
    tag: String,
    /// Bytes that it keeps.
    kept: u64,
    /// The most bytes that it may keep.
    quota: Option<u64>,
) -> impl IntoView {
    let texts = texts();
    let size = texts.size(kept);
    let Some(quota) = quota else {
        return view! { <p class="soft">{texts.say_with("quota.without", &[("kept", &size)])}</p> }.into_any();
    };
    let words = texts.say_with("quota.kept", &[("kept", &size), ("quota", &texts.size(quota))]);
    let label = texts.say_with("quota.bar", &[("tag", &tag)]);
    view! {
        <div class="kept" data-full=(kept >= quota).then_some("")>
            <p>{words}</p>
            <progress max=quota.to_string() value=kept.min(quota).to_string() aria-label=label></progress>
        </div>
    }
    .into_any()
}
