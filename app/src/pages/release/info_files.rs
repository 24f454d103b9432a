//! The NFO and the DIZ as they are, or will be, written.

use leptos::prelude::*;
use service::Preview;

use crate::texts::texts;

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
            <section class="panel" aria-labelledby="nfo-title">
                <div class="panel__head">
                    <h2 id="nfo-title">"NFO"</h2>
                    <p class="soft">{measure(&preview.nfo_text)}</p>
                </div>
                <div class="nfo" tabindex="0" role="region" aria-label=texts.say("release.nfo")><pre>{preview.nfo_text.clone()}</pre></div>
                {diz}
            </section>
        }
    })
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
