//! The NFO and the DIZ as they are, or will be, written.

use leptos::prelude::*;
use service::Preview;

use crate::{components::copy_button::CopyButton, texts::texts};

/// Both at their true width, in the face that has every sign of code page 437.
#[component]
pub fn InfoFiles(preview: Preview) -> impl IntoView {
    let texts = texts();
    let diz = (!preview.diz_text.is_empty()).then(|| {
        view! {
            <details>
                <summary>"file_id.diz"</summary>
                <div class="nfo" tabindex="0" role="region" aria-label="file_id.diz"><pre>{preview.diz_text}</pre></div>
            </details>
        }
    });
    (!preview.nfo_text.is_empty()).then(|| {
        view! {
            <section class="panel nfo-view" aria-labelledby="nfo-title">
                <div class="panel__head">
                    <h2 id="nfo-title">"NFO" <span class="panel__count">{measure(&preview.nfo_text)}</span></h2>
                    <div class="button-row">
                        <Zoom />
                        <CopyButton text=preview.nfo_text.clone() what="NFO".to_owned() />
                    </div>
                </div>
                <div class="nfo" tabindex="0" role="region" aria-label=texts.say("release.nfo")><pre>{preview.nfo_text.clone()}</pre></div>
                {diz}
            </section>
        }
    })
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
