//! The NFO and the DIZ at their true width.

use leptos::prelude::*;
use service::Preview;
use unicode_width::UnicodeWidthStr as _;

use crate::texts::{Texts, texts};

/// Columns of an NFO.
const NFO_WIDTH: usize = 80;
/// Columns of a DIZ.
const DIZ_WIDTH: usize = 44;

#[component]
pub fn Info(preview: Preview) -> impl IntoView {
    let say = texts();
    let diz = (!preview.diz_text.is_empty()).then(|| one(say, "DIZ", &preview.diz_text, DIZ_WIDTH));
    view! {
        <section id="review-info" class="info-files" data-live aria-label=say.say("review.info")>
            {one(say, "NFO", &preview.nfo_text, NFO_WIDTH)}
            {diz}
        </section>
    }
}

fn one(say: Texts, what: &'static str, text: &str, width: usize) -> impl IntoView {
    let lines: Vec<&str> = text.lines().collect();
    let widest = lines.iter().map(|line| line.width()).max().unwrap_or(0);
    let size = format!("{widest} × {}", lines.len());
    let label = say.say_with("review.info-label", &[("what", &what)]);
    let lines: Vec<_> = lines
        .into_iter()
        .map(|line| {
            let long = line.width() > width;
            let text = format!("{line}\n");
            if long {
                view! { <mark title=say.say("review.line-too-long")>{text}</mark> }.into_any()
            } else {
                text.into_any()
            }
        })
        .collect();
    view! {
        <figure data-what=what>
            <figcaption><span>{what}</span><span class="quiet">{size}</span></figcaption>
            <div class="nfo" class=("nfo--diz", what == "DIZ") tabindex="0" role="region" aria-label=label>
                <pre>{lines}</pre>
            </div>
        </figure>
    }
}
