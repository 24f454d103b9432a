//! Where packages are verified: dropped, read in the browser, and nothing is sent.

use leptos::prelude::*;

use crate::{
    components::{
        frame::Frame,
        icon::{Glyph, Icon},
        mark::{Mark, Tone},
    },
    islands::Verify,
    texts::{Texts, texts},
};

/// What a file can come to, with the look of each.
const OUTCOMES: [(&str, Tone, Glyph); 7] = [
    ("ok", Tone::Good, Glyph::Good),
    ("missing", Tone::Wrong, Glyph::Failed),
    ("extra", Tone::Notice, Glyph::Notice),
    ("size", Tone::Wrong, Glyph::Wrong),
    ("checksum", Tone::Wrong, Glyph::Wrong),
    ("refused", Tone::Refused, Glyph::Refused),
    ("unreadable", Tone::Wrong, Glyph::Failed),
];

/// The look of what a file came to.
pub fn look(outcome: &str) -> (Tone, Glyph) {
    let known = OUTCOMES.iter().find(|(word, ..)| *word == outcome);
    known.map_or((Tone::Wrong, Glyph::Wrong), |&(_, tone, glyph)| (tone, glyph))
}

/// For everybody: who was given a package needs no account to verify it.
#[component]
pub fn VerifyPage() -> impl IntoView {
    let texts = texts();
    view! {
        <Frame title=texts.say("verify.title").to_owned()>
            <div class="verify">
                <header class="stack stack--tight">
                    <h1>{texts.say("verify.title")}</h1>
                    <p class="lead">{texts.say("verify.lead")}</p>
                </header>
                <Zone texts no_script=texts.say("verify.no-script") />
                <Outcome texts />
            </div>
            <Verify />
        </Frame>
    }
    .into_any()
}

/// Where a package is dropped. With `manifest`, the SHA-256 of a manifest, it must be that very package.
#[component]
pub fn Zone(
    texts: Texts,
    /// What there is to do without script.
    no_script: &'static str,
    #[prop(optional, into)] manifest: Option<String>,
) -> impl IntoView {
    view! {
        <noscript>
            <div class="alert alert--notice"><Icon glyph=Glyph::Notice /><p>{no_script}</p></div>
        </noscript>
        <div id="verify-zone" class="drop verify__zone needs-script" data-manifest=manifest>
            <p class="drop__title">{texts.say("verify.drop")}</p>
            <p class="drop__hint">{texts.say("verify.drop-hint")}</p>
            <div class="button-row">
                <label class="button button--primary file-button">
                    <input type="file" id="verify-folder" class="unseen" data-folder />
                    <Icon glyph=Glyph::Package />{texts.say("verify.choose-folder")}
                </label>
                <label class="button file-button">
                    <input type="file" id="verify-files" class="unseen" multiple=true />
                    <Icon glyph=Glyph::File />{texts.say("verify.choose-files")}
                </label>
            </div>
        </div>
        <details class="verify__key needs-script">
            <summary>{texts.say("verify.key-open")}</summary>
            <div class="field">
                <label for="verify-key">{texts.say("verify.key")}</label>
                <textarea id="verify-key" class="mono" rows="2" spellcheck="false" autocomplete="off" aria-describedby="verify-key-hint"></textarea>
                <p class="field__hint" id="verify-key-hint">{texts.say("verify.key-hint")}</p>
            </div>
        </details>
    }
}

/// How far it is, and what came of it.
#[component]
pub fn Outcome(texts: Texts) -> impl IntoView {
    view! {
        <section id="verify-run" class="panel" hidden=true aria-label=texts.say("verify.running")>
            <p class="verify__running"><span class="release-name" data-what></span><span class="soft" data-percent></span></p>
            <progress max="100" value="0" aria-label=texts.say("verify.running")></progress>
            <div><button type="button" id="verify-stop" class="button button--small">{texts.say("verify.stop")}</button></div>
        </section>
        <section id="verify-result" class="panel verdict" hidden=true tabindex="-1" aria-label=texts.say("verify.result")></section>
        <Templates texts />
    }
}

/// What the island copies: the words, and the parts of a result.
#[component]
fn Templates(texts: Texts) -> impl IntoView {
    let words = [
        ("verdict", texts.family("verdict").collect::<Vec<_>>()),
        ("verify-failure", texts.family("verify-failure").collect()),
        ("signature", texts.family("signature").collect()),
        ("bag-fault", texts.family("bag-fault").collect()),
        ("file-outcome", texts.family("file-outcome").collect()),
    ];
    let words = words
        .into_iter()
        .flat_map(|(family, words)| words.into_iter().map(move |(word, text)| (format!("{family}.{word}"), text)))
        .map(|(key, text)| view! { <p data-word=key>{text}</p> })
        .collect_view();
    let marks = OUTCOMES.map(|(word, tone, glyph)| {
        view! { <span data-mark=word><Mark tone glyph word=texts.word("file-outcome", word) /></span> }
    });
    let fact = |name: &'static str, label: &'static str| {
        view! { <div data-fact=name><dt>{label}</dt><dd class:release-name=name == "release"></dd></div> }
    };
    view! {
        <template id="verify-words">{words}</template>
        <template id="verify-marks">{marks.into_iter().collect_view()}</template>
        <template id="verify-headline">
            <div class="verdict__head">
                <span class="verdict__sign verdict__sign--good"><Icon glyph=Glyph::Good /></span>
                <span class="verdict__sign verdict__sign--wrong"><Icon glyph=Glyph::Wrong /></span>
                <div><h2 data-title></h2><p data-text></p></div>
            </div>
        </template>
        <template id="verify-facts">
            <dl class="verdict__facts">
                {fact("release", texts.say("verify.release"))}
                {fact("lists", texts.say("verify.lists"))}
                {fact("signature", texts.say("verify.signature"))}
                {fact("book", texts.say("verify.book"))}
                {fact("bag", texts.say("verify.bag"))}
            </dl>
        </template>
        <template id="verify-table">
            <div>
                <table class="verdict__files">
                    <caption class="unseen">{texts.say("verify.files")}</caption>
                    <thead>
                        <tr><th scope="col">{texts.say("verify.file")}</th><th scope="col">{texts.say("verify.outcome")}</th></tr>
                    </thead>
                    <tbody></tbody>
                </table>
                <p class="soft" data-left-out></p>
            </div>
        </template>
        <template id="verify-row">
            <tr><td><code data-path></code><span class="verdict__detail" data-detail></span></td><td data-state></td></tr>
        </template>
    }
}
