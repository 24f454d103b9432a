//! The NFO and the DIZ as they are, or will be, written.

use leptos::{nonce::use_nonce, prelude::*};

use crate::{
    components::{
        copy_button::CopyButton,
        icon::{Glyph, Icon},
    },
    texts::texts,
};

/// What the viewer shows.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// The NFO as text: the packed one, or else the one to come.
    pub nfo: String,
    /// The DIZ of the first volume; empty where the layout has none.
    pub diz: String,
    /// The address of the NFO's own file, once it is packed.
    pub file: Option<String>,
    /// What downloads are called, without their ending.
    pub name: String,
}

/// Both at their true width, in the face that has every sign of code page 437.
#[component]
pub fn InfoFiles(shown: Shown) -> impl IntoView {
    let texts = texts();
    let Shown { nfo, diz, file, name } = shown;
    let diz = (!diz.is_empty()).then(|| {
        view! {
            <details>
                <summary>"file_id.diz"</summary>
                <div class="nfo" tabindex="0" role="region" aria-label="file_id.diz"><pre>{diz}</pre></div>
            </details>
        }
    });
    (!nfo.is_empty()).then(|| {
        view! {
            <section class="panel nfo-view" aria-labelledby="nfo-title">
                <div class="panel__head">
                    <h2 id="nfo-title">"NFO" <span class="panel__count">{measure(&nfo)}</span></h2>
                    <Zoom />
                </div>
                <div class="nfo" tabindex="0" role="region" aria-label=texts.say("release.nfo")><pre id="nfo-text">{nfo.clone()}</pre></div>
                <div class="button-row">
                    <SaveButton ending="png" label=texts.say("nfo.picture") name=name.clone() />
                    <SaveButton ending="txt" label=texts.say("nfo.text") name />
                    {file.map(|file| view! {
                        <a class="button button--small" href=file download=""><Icon glyph=Glyph::Download />{texts.say("nfo.file")}</a>
                    })}
                    <CopyButton text=nfo what="NFO".to_owned() />
                </div>
                <p class="field__problem" data-nfo-problem="" hidden=true><Icon glyph=Glyph::Wrong /> <span>{texts.say("nfo.failed")}</span></p>
                {diz}
            </section>
        }
    })
}

/// The script of the two buttons: of this page alone, and so no part of what every page loads.
#[component]
pub fn ViewerScript() -> impl IntoView {
    view! { <script type="module" src="/scripts/nfo.js" nonce=use_nonce()></script> }
}

/// A button that saves what is shown, in a form that its ending names.
#[component]
fn SaveButton(ending: &'static str, label: &'static str, name: String) -> impl IntoView {
    view! {
        <button class="button button--small needs-script" type="button" data-nfo=ending data-name=name>
            <Icon glyph=Glyph::Download />{label}
        </button>
    }
}

/// How large the text is drawn: a choice that the style alone answers, without script.
#[component]
fn Zoom() -> impl IntoView {
    let texts = texts();
    let sizes =
        [("small", texts.say("nfo.small")), ("normal", texts.say("nfo.normal")), ("large", texts.say("nfo.large"))];
    let sizes = sizes
        .map(|(size, label)| {
            view! {
                <label class="nfo-zoom__size">
                    <input type="radio" name="nfo-size" value=size id=format!("nfo-{size}") checked=size == "normal" />
                    <span>{label}</span>
                </label>
            }
        })
        .into_iter()
        .collect_view();
    view! { <fieldset class="nfo-zoom"><legend class="unseen">{texts.say("nfo.size")}</legend>{sizes}</fieldset> }
}

/// Columns by lines, as in `80 × 42`.
fn measure(text: &str) -> String {
    let columns = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    format!("{columns} × {}", text.lines().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_measured_in_signs_not_in_bytes() {
        assert_eq!(measure("░▒▓\nab\n"), "3 × 2");
        assert_eq!(measure(""), "0 × 0");
    }
}
