//! The script that wakes the islands.

use leptos::{
    hydration::{HydrationScripts, HydrationScriptsProps},
    nonce::use_nonce,
    prelude::*,
    tachys::html::InertElement,
};

/// The longest that the islands wait for the browser to have nothing else to do: a busy one may never say so.
const LONGEST_MS: u32 = 2000;

/// How the script of Leptos waits.
const WAITS: &str = "requestIdleCallback(c)";

/// The script, which fetches the islands when the page has been drawn. The hints that Leptos puts before it would have
/// the browser fetch them at once, and on a slow line the page itself would wait for them: they wait in a template.
#[component]
pub fn WakingScript(options: LeptosOptions) -> impl IntoView {
    let whole = HydrationScripts(HydrationScriptsProps::builder().options(options).islands(true).build()).to_html();
    let (hints, script) = whole.split_at(whole.find("<script").unwrap_or(whole.len()));
    // Puts the hints into the page just before the islands' own script gets its turn. So both of its files come at once,
    // where one would follow the other.
    let hint = format!(
        "(window.requestIdleCallback ?? setTimeout)(() => \
         document.head.append(document.getElementById('islands').content), {{ timeout: {LONGEST_MS} }})"
    );
    let script = script.replace(WAITS, &format!("requestIdleCallback(c, {{ timeout: {LONGEST_MS} }})"));
    view! {
        <template id="islands">{InertElement::new(hints.to_owned())}</template>
        <script type="module" nonce=use_nonce()>{hint}</script>
        {InertElement::new(script)}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_islands_wait_for_a_pause_and_never_longer_than_is_said() {
        let options = LeptosOptions::builder().output_name("x").build();
        let html = Owner::new().with(|| WakingScript(WakingScriptProps { options }).to_html());
        assert_eq!(html.matches("{ timeout: 2000 }").count(), 2, "{html}");
        assert!(!html.contains(WAITS), "{html}");
    }
}
