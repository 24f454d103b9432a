//! The frame of every page: head, style, and the script that wakes the islands.

use leptos::{hydration::AutoReload, nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::{
    app::App,
    model::{locale::Locale, theme::Theme},
    ssr::{
        context::{Heard, Visitor},
        cookies,
        waking::WakingScript,
    },
    texts::Texts,
};

/// Tells the next request in which zone its times are to be written. What holds a session is another cookie.
fn zone_script() -> String {
    format!(
        "document.cookie = '{}=' + Intl.DateTimeFormat().resolvedOptions().timeZone + '; path=/; max-age=31536000; samesite=lax'",
        cookies::ZONE
    )
}

/// The whole document around [`App`].
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let locale = use_context::<Locale>().unwrap_or_default();
    let theme = use_context::<Theme>().unwrap_or_default();
    // For whoever may listen: see `islands/stream.rs`.
    let heard = use_context::<Visitor>().and_then(|visitor| visitor.actor).and_then(|_| use_context::<Heard>());
    // Both colours stand in tokens.css as `--paper`; a browser wants them before any style is there.
    view! {
        <!DOCTYPE html>
        <html lang=locale.tag() data-theme=theme.word() data-heard=heard.map(|Heard(mark)| mark)>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content=Texts::of(locale).say("sign-in.lead") />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="preload" href="/fonts/plex-sans-400.woff2" r#as="font" type="font/woff2" crossorigin="anonymous" />
                <link rel="preload" href="/fonts/source-serif-600.woff2" r#as="font" type="font/woff2" crossorigin="anonymous" />
                <HashedStylesheet options=options.clone() id="style" />
                <AutoReload options=options.clone() />
                <WakingScript options />
                <script nonce=use_nonce()>{zone_script()}</script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
