//! The editor of a profile's templates: the text, the variables that can stand in it, and what comes of it for a release, at
//! its true width, with every line that is too long named by its place.

use leptos::{nonce::use_nonce, prelude::*};
use packer::{
    finding::Finding,
    info::{DIZ_LINE_BROKEN, NFO_LINE_BROKEN, variables},
};
use service::Preview;

use super::{form::id_of, trial::Tried};
use crate::{
    components::{
        icon::{Glyph, Icon},
        raw_text::text_of_area,
    },
    ssr::profile_text,
    texts::{Texts, texts},
};

/// The templates of a text, each in a field.
#[component]
pub fn Templates(text: String) -> impl IntoView {
    let values = profile_text::read(&text).unwrap_or_default();
    let shown = |path: &str| values.get(path).map(|value| value.concat());
    view! {
        <div class="stack">
            {shown("nfo.text").map(|text| view! { <Template path="nfo.text" title="NFO" text /> })}
            {shown("diz.text").map(|text| view! { <Template path="diz.text" title="file_id.diz" text /> })}
        </div>
    }
}

#[component]
fn Template(path: &'static str, title: &'static str, text: String) -> impl IntoView {
    let texts = texts();
    let id = id_of(path);
    let hint = format!("{id}-hint");
    let rows = text.lines().count().clamp(8, 28).to_string();
    view! {
        <div class="field">
            <label for=id.clone()>{texts.say_with("template.of", &[("file", &title)])}</label>
            <textarea id=id class="mono template" name=format!("form[values][{path}]") rows=rows spellcheck="false"
                autocapitalize="none" wrap="off" data-template="" aria-describedby=hint.clone()>{text_of_area(&text)}</textarea>
            <p class="field__hint" id=hint>{texts.say("template.hint")}</p>
        </div>
    }
}

/// Every variable with what it means. A press puts it where one types.
#[component]
pub fn VariableList() -> impl IntoView {
    let texts = texts();
    let rows = variables::LIST
        .into_iter()
        .map(|variable| {
            let code = format!("{{{{ {} }}}}", variable.name);
            let insert = texts.say_with("template.insert", &[("variable", &variable.name)]);
            view! {
                <li class="template-variable">
                    <button class="button button--quiet button--icon needs-script" type="button" data-insert=code.clone() title=insert.clone()>
                        <Icon glyph=Glyph::Plus /><span class="unseen">{insert.clone()}</span>
                    </button>
                    <div><code>{code}</code><p class="soft">{texts.word("template-variable", variable.name)}</p></div>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="panel" open=true>
            <summary>{texts.say("template.variables")}</summary>
            <p class="soft">{texts.say("template.filters")}" "<code>"{{ title | wrap(40) }}"</code>" "<code>"pad(57)"</code>" "<code>"centre(78)"</code></p>
            <ul class="template-variables" tabindex="0" aria-label=texts.say("template.variables")>{rows}</ul>
        </details>
        <script type="module" src="/scripts/template.js" nonce=use_nonce()></script>
    }
}

/// The info files of the release that the text is tried on.
#[component]
pub fn InfoPreview(tried: Option<Tried>) -> impl IntoView {
    let texts = texts();
    match tried.map(|tried| tried.outcome) {
        Some(Ok(preview)) => view! { <Files texts preview /> }.into_any(),
        Some(Err(_)) => view! { <p class="soft">{texts.say("template.not-now")}</p> }.into_any(),
        None => view! { <p class="soft">{texts.say("template.choose")}</p> }.into_any(),
    }
}

#[component]
fn Files(texts: Texts, preview: Preview) -> impl IntoView {
    let lints: Vec<_> = preview.findings.iter().filter_map(|finding| broken_line(texts, finding)).collect();
    let lints = if lints.is_empty() {
        view! { <p class="all-done"><Icon glyph=Glyph::Good />{texts.say("template.fits")}</p> }.into_any()
    } else {
        let rows = lints
            .into_iter()
            .map(|lint| view! { <li><Icon glyph=Glyph::Notice /><span>{lint}</span></li> })
            .collect_view();
        view! { <ul class="lints" aria-label=texts.say("template.lints")>{rows}</ul> }.into_any()
    };
    view! {
        <div class="stack">
            {lints}
            {(!preview.nfo_text.is_empty()).then(|| view! {
                <div class="nfo" tabindex="0" role="region" aria-label="NFO"><pre>{preview.nfo_text}</pre></div>
            })}
            {(!preview.diz_text.is_empty()).then(|| view! {
                <div class="nfo nfo--diz" tabindex="0" role="region" aria-label="file_id.diz"><pre>{preview.diz_text}</pre></div>
            })}
        </div>
    }
}

/// Where a line is too long: which file, which line, and the column from which on it is.
pub(in crate::pages) fn broken_line(texts: Texts, finding: &Finding) -> Option<String> {
    let files = [(NFO_LINE_BROKEN, "NFO"), (DIZ_LINE_BROKEN, "file_id.diz")];
    let (_, file) = files.into_iter().find(|(code, _)| *code == finding.code)?;
    let number = |name: &str| finding.data.get(name).and_then(|value| value.parse::<u64>().ok());
    let (line, columns, limit) = (number("line")?, number("columns")?, number("limit")?);
    Some(texts.say_with(
        "template.too-long",
        &[("file", &file), ("line", &line), ("column", &(limit + 1)), ("columns", &columns), ("limit", &limit)],
    ))
}
