//! The NFO and the DIZ at their true width, with every line of the template that was too long and is broken.

use leptos::prelude::*;
use packer::info::{DIZ_LINE_BROKEN, NFO_LINE_BROKEN};
use service::Preview;
use unicode_width::UnicodeWidthStr as _;

use crate::{
    components::icon::{Glyph, Icon},
    pages::profiles::template::broken_line,
    texts::{Texts, texts},
};

#[component]
pub fn Info(preview: Preview) -> impl IntoView {
    let say = texts();
    let broken = |wanted| {
        let of_file = preview.findings.iter().filter(|finding| finding.code == wanted);
        of_file.filter_map(|finding| broken_line(say, finding)).collect::<Vec<_>>()
    };
    let nfo = one(say, "NFO", &preview.nfo_text, broken(NFO_LINE_BROKEN));
    let diz = (!preview.diz_text.is_empty()).then(|| one(say, "DIZ", &preview.diz_text, broken(DIZ_LINE_BROKEN)));
    view! {
        <section id="review-info" class="info-files" data-live aria-label=say.say("review.info")>
            {nfo}
            {diz}
        </section>
    }
}

/// The text of a file is within its profile's width: a line that was not is broken in it, and said above it.
fn one(say: Texts, what: &'static str, text: &str, broken: Vec<String>) -> impl IntoView + use<> {
    let lines: Vec<&str> = text.lines().collect();
    let widest = lines.iter().map(|line| line.width()).max().unwrap_or(0);
    let size = format!("{widest} × {}", lines.len());
    let label = say.say_with("review.info-label", &[("what", &what)]);
    let text = text.to_owned();
    let broken = (!broken.is_empty()).then(|| {
        let rows = broken
            .into_iter()
            .map(|line| view! { <li><Icon glyph=Glyph::Notice /><span>{line}</span></li> })
            .collect_view();
        view! { <ul class="lints" aria-label=say.say("template.lints")>{rows}</ul> }
    });
    view! {
        <figure data-what=what>
            <figcaption><span>{what}</span><span class="quiet">{size}</span></figcaption>
            {broken}
            <div class="nfo" class=("nfo--diz", what == "DIZ") tabindex="0" role="region" aria-label=label>
                <pre>{text}</pre>
            </div>
        </figure>
    }
}
