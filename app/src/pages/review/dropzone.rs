//! Where books are dropped, and how an upload is shown while it runs.

use std::fmt::Display;

use leptos::prelude::*;
use service::{Room, Upload};

use crate::{
    components::{
        ask::{Ask, Asked, Look, Of},
        icon::{Glyph, Icon},
        kept::Kept,
    },
    model::{locale::Locale, upload::BOOKS},
    texts::texts,
};

/// What the picker of files offers. It is a help and no check: what a file is, its content decides.
const ACCEPTED: &str = ".epub,.pdf,.mobi,.prc,.azw,.azw3,.cbz,application/epub+zip,application/pdf,\
    application/x-mobipocket-ebook,application/vnd.amazon.ebook,application/vnd.comicbook+zip";

/// `open` are uploads that were interrupted: the same file, dropped again, goes on where it stopped. `person` is the id of
/// who is signed in: the browser keeps their files apart from another's. `names` is what decides the name of a book, for
/// the packer in the browser; without it no names are shown.
#[component]
pub fn DropZone(
    person: String,
    open: Vec<Upload>,
    upload_max_bytes: u64,
    #[prop(optional, into)] names: Option<String>,
    /// What the groups with a limit keep.
    rooms: Vec<Room>,
) -> impl IntoView {
    let say = texts();
    let largest = say.size(upload_max_bytes);
    let limit = say.say_with("review.drop-limit", &[("size", &largest)]);
    let too_large = say.say_with("error.too-large", &[("limit", &largest)]);
    let endings = BOOKS.join(", ");
    let endings: [(&str, &dyn Display); 1] = [("endings", &endings)];
    let open: Vec<_> = open
        .into_iter()
        .map(|upload| {
            let sentence = say.say_with(
                "review.open-upload",
                &[("received", &say.size(upload.received)), ("size", &say.size(upload.size))],
            );
            let address = format!("/api/v1/uploads/{}", upload.id);
            view! {
                <li class="upload" data-phase="interrupted" data-open-upload=address data-fingerprint=upload.fingerprint.clone()>
                    <span class="upload__name">{upload.file_name.clone()}</span>
                    <span class="upload__state">{sentence}</span>
                    <Ask asked=discarding(&upload) look=Look::Small of=Of { id: upload.id.to_string(), name: upload.file_name } />
                </li>
            }
        })
        .collect();
    view! {
        <form class="drop" data-drop=person data-names=names method="post" enctype="multipart/form-data"
            action="/api/v1/books">
            <label for="files">
                <span class="drop__title">{say.say("review.drop")}</span>
                <span class="drop__hint">{say.say("review.drop-hint")}" "{limit}</span>
            </label>
            <div class="button-row">
                <input id="files" type="file" name="file" accept=ACCEPTED required />
                <label class="button button--primary needs-script" for="files">
                    <Icon glyph=Glyph::File />{say.say("verify.choose-files")}
                </label>
                <label class="button file-button needs-script">
                    <input type="file" id="folder" class="unseen" data-folder />
                    <Icon glyph=Glyph::Library />{say.say("review.drop-folder")}
                </label>
            </div>
            <noscript><button type="submit" class="button button--primary">{say.say("review.upload")}</button></noscript>
        </form>
        {rooms
            .into_iter()
            .map(|room| {
                let tag = room.group.tag.to_string();
                view! {
                    <section class="room">
                        <h2 class="room__tag"><code>{tag.clone()}</code></h2>
                        <Kept tag kept=room.kept_bytes quota=Some(room.quota_bytes) />
                        {room.is_home.then(|| view! { <p class="soft">{say.say("quota.home")}</p> })}
                    </section>
                }
            })
            .collect_view()}
        <p id="uploads-sum" class="uploads-sum" role="status" data-text=say.say("review.uploads-sum")></p>
        <p id="uploads-known" class="uploads-sum" role="status" data-text=say.say("review.uploads-known")></p>
        <p id="uploads-left-out" class="uploads-sum" role="status" data-one=say.count_with("review.left-out", 1, &endings)
            data-many=say.say_with("review.left-out", &endings)></p>
        <p id="uploads-elsewhere" class="uploads-sum" role="status" data-text=say.say("review.uploads-elsewhere")></p>
        <ul id="uploads" class="uploads">{open}</ul>
        <template id="upload-row">
            <li class="upload" data-waiting=say.say("review.upload-waiting") data-sending=say.say("review.upload-sending")
                data-interrupted=say.say("review.upload-interrupted") data-cancelled=say.say("review.upload-cancelled") data-arrived=say.say("review.upload-arrived")
                // Why the server may not take a file, by its code.
                data-refused-too-large=too_large data-refused-storage-full=say.say("review.upload-no-room")
                data-refused-group-full=say.say("quota.upload-refused")
                data-refused-signed-out=say.say("error.signed-out") data-refused-forbidden=say.say("error.forbidden")
                data-refused-other=say.say("review.upload-refused")
                // What the packer in the browser found.
                data-found-none=say.say("review.found-none") data-found-one=say.say("review.found-one")
                data-found-many=say.say("review.found-many") data-found-no-book=say.say("review.found-no-book")>
                <UploadParts />
            </li>
        </template>
        <template id="upload-finding">
            // The packer in the browser speaks English; a reader of another language has the page of the code.
            <li><a target="_blank"></a>{(say.locale() == Locale::ENGLISH).then(|| view! { " "<span></span> })}</li>
        </template>
    }
}

/// What stands in the row of an upload; the browser writes it as the upload goes on.
#[component]
pub fn UploadParts(
    #[prop(optional)] name: &'static str,
    /// How much of it is there, of a hundred.
    #[prop(optional)]
    percent: u8,
    /// Where it is, in words.
    #[prop(optional, into)]
    state: String,
    /// What the packer in the browser says that the book is.
    #[prop(optional)]
    title: &'static str,
    /// What it found, in words.
    #[prop(optional, into)]
    found: String,
    /// The name that the release will have.
    #[prop(optional)]
    release: &'static str,
) -> impl IntoView {
    let say = texts();
    view! {
        <span class="upload__name" data-name>{name}</span>
        <progress max="100" value=percent.to_string() aria-label=say.say("review.upload-progress")></progress>
        <span class="upload__state" data-state>{state}</span>
        <span class="upload__look"><span data-title>{title}</span>" "<span class="upload__found" data-found>{found}</span></span>
        <details class="upload__findings">
            <summary>{say.say("review.found-what")}</summary>
            <ul data-findings></ul>
        </details>
        <code class="upload__release" data-release>{release}</code>
        <button type="button" class="button button--quiet button--small" data-stop>{say.say("review.upload-stop")}</button>
    }
}

/// Names what goes before it goes.
fn discarding(upload: &Upload) -> Asked {
    let say = texts();
    Asked {
        id: "discard",
        open: say.say("review.upload-discard"),
        glyph: Glyph::Delete,
        title: say.say_with("review.discard-title", &[("name", &upload.file_name)]),
        text: say.say_with("review.discard-text", &[("received", &say.size(upload.received))]),
        action: "/api/app/upload-discard".to_owned(),
        sent: ("upload", upload.id.to_string()),
        keep: say.say("delete.keep"),
        submit: say.say("review.upload-discard"),
    }
}
