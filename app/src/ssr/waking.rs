//! The script that wakes the islands.

use leptos::{
    hydration::{HydrationScripts, HydrationScriptsProps},
    nonce::use_nonce,
    prelude::*,
    tachys::html::InertElement,
};

/// Puts the hints into the page when it has nothing else to do, just before the islands' own script gets its turn. So
/// both of its files come at once, where one would follow the other.
const HINT: &str = "(window.requestIdleCallback ?? setTimeout)(() => \
                    document.head.append(document.getElementById('islands').content))";

/// The script, which fetches the islands when the page has been drawn. The hints that Leptos puts before it would have
/// the browser fetch them at once, and on a slow line the page itself would wait for them: they wait in a template.
#[component]
pub fn WakingScript(options: LeptosOptions) -> impl IntoView {
    let whole = HydrationScripts(HydrationScriptsProps::builder().options(options).islands(true).build()).to_html();
    let (hints, script) = whole.split_at(whole.find("<script").unwrap_or(whole.len()));
    view! {
        <template id="islands">{InertElement::new(hints.to_owned())}</template>
        <script type="module" nonce=use_nonce()>{HINT}</script>
        {InertElement::new(script.to_owned())}
    }
}
