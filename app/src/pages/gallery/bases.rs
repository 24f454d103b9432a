//! What everything is made of: type, colours, icons, buttons, fields, alerts.

use leptos::prelude::*;

use super::Part;
use crate::{
    components::{
        address_waits::AddressWaits,
        ask::{Ask, Asked, Look, Of},
        copy_button::CopyButton,
        form::{Done, FormError, Input, TextField},
        icon::{Glyph, Icon},
        page_head::Paging,
        prose::Prose,
        raw_text::text_of_area,
        select::Select,
    },
    error::{AppError, FieldProblem},
};

/// The parts of this file.
pub(super) fn all() -> Vec<Part> {
    vec![
        ("type", "Type", type_scale()),
        ("icons", "Icons", icons()),
        ("buttons", "Buttons", buttons()),
        ("fields", "Fields", fields()),
        ("choices", "Choices", choices()),
        ("alerts", "Alerts", alerts()),
        ("table", "Table", table()),
        ("paging", "Paging", paging()),
        ("empty", "Empty", empty()),
        ("dialog", "Dialog", dialog()),
    ]
}

fn type_scale() -> AnyView {
    view! {
        <p class="gallery__display">"Display, 31"</p>
        <h2>"Title, 20"</h2>
        <h3>"Title, 14"</h3>
        <p class="lead">"Lead, 16"</p>
        <p>"Text, 14, " <em>"with italics"</em>", " <strong>"strong"</strong>" and 0123456789"</p>
        <p><Prose text="A sentence with `code` in it".to_owned() /></p>
        <p class="soft">"Soft"</p>
        <p class="release-name">"H.G.Wells.The.Time.Machine.2014.RETAiL.ePUB.eBOOK-GRP"</p>
        <p>"Keys: "<kbd>"Ctrl K"</kbd></p>
    }
    .into_any()
}

fn icons() -> AnyView {
    let icons = Glyph::ALL
        .iter()
        .map(|glyph| view! { <li><Icon glyph=*glyph /><span class="soft">{format!("{glyph:?}")}</span></li> })
        .collect_view();
    view! { <ul class="gallery__icons">{icons}</ul> }.into_any()
}

fn buttons() -> AnyView {
    view! {
        <div class="button-row">
            <button class="button button--primary" type="button">"Primary"</button>
            <button class="button" type="button">"Plain"</button>
            <button class="button button--quiet" type="button">"Quiet"</button>
            <button class="button button--danger" type="button">"Danger"</button>
            <button class="button button--primary" type="button"><Icon glyph=Glyph::Package />"With an icon"</button>
            <button class="button" type="button" disabled=true>"Disabled"</button>
            <button class="button button--primary" type="button" disabled=true>"Disabled"</button>
            <button class="button button--small" type="button">"Small"</button>
            <a class="button" href="#buttons">"Link"</a>
            <CopyButton text="copied".to_owned() what="text".to_owned() />
        </div>
    }
    .into_any()
}

fn fields() -> AnyView {
    let wrong = AppError::Invalid {
        fields: vec![FieldProblem {
            field: "wrong".into(),
            code: "required".into(),
            data: std::collections::BTreeMap::new(),
        }],
    };
    let options = [("a", "First"), ("b", "Second")].map(|(value, word)| (value.to_owned(), word.to_owned()));
    view! {
        <FormError error=Some(wrong.clone()) />
        <form class="form">
            <TextField name="plain" label="Plain" hint="A hint" error=None value="Value".to_owned() />
            <TextField name="wrong" label="Wrong" input=Input::Text error=Some(wrong) />
            <Select name="choice" label="Choice" all="All" options=options.to_vec() chosen=Some("b".to_owned()) />
            <div class="field">
                <label for="gallery-long">"Several lines"</label>
                <textarea id="gallery-long" rows="3">{text_of_area("A text with <signs> & more")}</textarea>
            </div>
            <div class="field">
                <label for="gallery-off">"Disabled"</label>
                <input id="gallery-off" type="text" value="Value" disabled=true />
            </div>
        </form>
    }
    .into_any()
}

fn choices() -> AnyView {
    let choice = |value: &'static str, text: &'static str, checked: bool| {
        view! {
            <label class="choice">
                <input type="radio" name="gallery-choice" value=value checked=checked />
                <span><strong>{value}</strong><br /><span class="soft">{text}</span></span>
            </label>
        }
    };
    let tick = |word: &'static str, checked: bool| {
        view! { <label class="tick"><input type="checkbox" checked=checked />{word}</label> }
    };
    view! {
        <fieldset class="choices"><legend class="unseen">"One of some"</legend>
            {choice("REPACK", "Everything is packed again.", true)}
            {choice("NFOFiX", "A new NFO is packed.", false)}
        </fieldset>
        <fieldset class="field ticks"><legend>"Some of a few"</legend>
            <div class="ticks__row">{tick("epub", true)}{tick("pdf", true)}{tick("mobi", false)}</div>
        </fieldset>
    }
    .into_any()
}

fn alerts() -> AnyView {
    let tone = |tone: &'static str, glyph: Glyph, text: &'static str| {
        view! { <div class=format!("alert alert--{tone}")><Icon glyph /><p>{text}</p></div> }
    };
    view! {
        <div>
            {tone("good", Glyph::Good, "Good: all of it went well.")}
            {tone("notice", Glyph::Notice, "Notice: somebody should look.")}
            {tone("wrong", Glyph::Wrong, "Wrong: it went wrong.")}
            {tone("refused", Glyph::Refused, "Refused: it will not be done.")}
            <Done />
            <AddressWaits waits="An address waits to be confirmed.".to_owned() present=None sends_mail=true />
            <p class="all-done"><Icon glyph=Glyph::Good />"All done"</p>
        </div>
    }
    .into_any()
}

fn paging() -> AnyView {
    let address = || Some("/design".to_owned());
    view! { <Paging first=address() next=address() /> }.into_any()
}

fn table() -> AnyView {
    let row = |name: &'static str, number: &'static str| {
        view! { <tr><th scope="row">{name}</th><td class="number">{number}</td><td class="mono">"4e9d8a07"</td></tr> }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="A table">
            <table>
                <thead><tr><th scope="col">"Name"</th><th scope="col" class="number">"Number"</th><th scope="col">"Sum"</th></tr></thead>
                <tbody>{row("First", "1 024")}{row("Second", "538 214")}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn empty() -> AnyView {
    view! {
        <div class="empty">
            <Icon glyph=Glyph::Library />
            <h3>"Nothing here yet"</h3>
            <p class="soft">"A sentence that says why, and what to do."</p>
            <a class="button button--primary" href="#empty">"The next step"</a>
        </div>
    }
    .into_any()
}

fn dialog() -> AnyView {
    let asked = |id: &'static str| Asked {
        id,
        open: "Open",
        glyph: Glyph::Delete,
        title: "Delete this?".to_owned(),
        text: "It names what goes before it goes.".to_owned(),
        action: "/design".to_owned(),
        sent: ("gallery", String::new()),
        keep: "Keep it",
        submit: "Delete",
    };
    let returned = Asked { title: "Withdraw this?".to_owned(), submit: "Withdraw", ..asked("gallery-asked-again") };
    view! {
        <Ask asked=asked("gallery-asked") />
        <Ask asked=Asked { open: "Small", ..asked("gallery-small") } look=Look::Small />
        <Ask asked=Asked { open: "Icon", ..asked("gallery-of") } look=Look::Icon of=Of { id: "1".to_owned(), name: "this".to_owned() } />
        <Ask asked=returned back=Some("/design".to_owned())>
            <div class="field">
                <label for="gallery-reason">"Reason"</label>
                <textarea id="gallery-reason" rows="3" aria-invalid="true" aria-describedby="gallery-reason-problem"></textarea>
                <p class="field__problem" id="gallery-reason-problem"><Icon glyph=Glyph::Wrong /> <span>"What is wrong."</span></p>
            </div>
        </Ask>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use std::fs;

    #[test]
    fn every_component_is_in_the_gallery() {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
        let gallery: String = ["mod", "bases", "frames", "parts"]
            .map(|name| fs::read_to_string(format!("{source}/pages/gallery/{name}.rs")).unwrap())
            .concat();
        for entry in fs::read_dir(format!("{source}/components")).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_owned();
            // What waits for data has no look of its own, and a door is a page of its own.
            let has_a_look = !matches!(name.as_str(), "mod" | "loaded" | "door");
            assert!(!has_a_look || gallery.contains(&format!("{name}::")), "{name}");
        }
    }
}
