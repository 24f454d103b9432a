//! What stands around every page, and the rows of uploads.

use leptos::prelude::*;

use super::Part;
use crate::{
    components::frame::{MenuItems, PageLinks, PaletteItems},
    model::paths,
    pages::review::dropzone::UploadParts,
    ssr::context,
    texts::texts,
};

/// The parts of this file. The menu is that of somebody who is signed in.
pub(super) fn all() -> Vec<Part> {
    let menu = menu().map(|menu| ("menu", "Menu", menu));
    let parts = vec![
        ("frame", "Frame", frame()),
        ("palette-items", "Palette", palette()),
        ("uploads-rows", "Uploads", uploads()),
    ];
    parts.into_iter().chain(menu).collect()
}

fn frame() -> AnyView {
    let texts = texts();
    view! {
        <div class="gallery__frame"><div class="header__pages"><PageLinks texts here=paths::RELEASES.to_owned() /></div></div>
        <p class="header__connection">{texts.say("chrome.no-connection")}</p>
        <p class="header__connection">{texts.say("chrome.connection-back")}</p>
        <p class="field__problem">{texts.say("chrome.not-done")}</p>
    }
    .into_any()
}

fn menu() -> Option<AnyView> {
    let mut actor = context::visitor().ok()?.actor?;
    // Whoever looks, it looks the same.
    "A. Editor".clone_into(&mut actor.display_name);
    "editor".clone_into(&mut actor.username);
    Some(view! { <div class="menu"><MenuItems texts=texts() actor /></div> }.into_any())
}

fn palette() -> AnyView {
    view! { <div class="dialog palette"><PaletteItems texts=texts() field="gallery-palette" /></div> }.into_any()
}

fn uploads() -> AnyView {
    let say = texts();
    let sending = |percent: u8| say.say_with("review.upload-sending", &[("percent", &percent)]);
    let interrupted = say.say_with("review.upload-interrupted", &[("percent", &80)]);
    let name = "the-time-machine.epub";
    let (title, release) = ("EPUB · The Time Machine", "H.G.Wells.The.Time.Machine.2014.RETAiL.ePUB.eBOOK-GRP");
    view! {
        <ul class="uploads">
            <li class="upload" data-phase="waiting"><UploadParts name state=say.say("review.upload-waiting") /></li>
            <li class="upload" data-phase="sending" data-look="good">
                <UploadParts name percent=40 state=sending(40) title found=say.say("review.found-none") release />
            </li>
            <li class="upload" data-phase="sending" data-look="notice">
                <UploadParts name percent=80 state=sending(80) title found=say.say("review.found-one") release />
            </li>
            <li class="upload" data-phase="interrupted" data-look="wrong">
                <UploadParts name percent=80 state=interrupted found=say.say("review.found-no-book") />
            </li>
            <li class="upload" data-phase="refused"><UploadParts name state=say.say("review.upload-no-room") /></li>
        </ul>
    }
    .into_any()
}
