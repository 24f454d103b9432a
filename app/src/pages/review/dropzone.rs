//! Where books are dropped, and how an upload is shown while it runs.

use leptos::prelude::*;
use service::Upload;

use crate::{
    components::icon::{Glyph, Icon},
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
) -> impl IntoView {
    let say = texts();
    let largest = say.size(upload_max_bytes);
    let limit = say.say_with("review.drop-limit", &[("size", &largest)]);
    let too_large = say.say_with("error.too-large", &[("limit", &largest)]);
    let open: Vec<_> = open
        .into_iter()
        .map(|upload| {
            let sentence = say.say_with(
                "review.open-upload",
                &[("received", &say.size(upload.received)), ("size", &say.size(upload.size))],
            );
            let address = format!("/api/v1/uploads/{}", upload.id);
            view! {
                <li class="upload" data-phase="interrupted" data-open-upload=address data-fingerprint=upload.fingerprint>
                    <span class="upload__name">{upload.file_name}</span>
                    <span class="upload__state">{sentence}</span>
                    <form method="post" action="/api/app/upload-discard">
                        <input type="hidden" name="upload" value=upload.id.to_string() />
                        <button type="submit" class="button button--quiet button--small">
                            {say.say("review.upload-discard")}
                        </button>
                    </form>
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
            <input id="files" type="file" name="file" accept=ACCEPTED required />
            <label class="button button--small file-button needs-script">
                <input type="file" id="folder" class="unseen" data-folder />
                <Icon glyph=Glyph::Library />{say.say("review.drop-folder")}
            </label>
            <noscript><button type="submit" class="button button--primary">{say.say("review.upload")}</button></noscript>
        </form>
        <p id="uploads-sum" class="uploads-sum" role="status" data-text=say.say("review.uploads-sum")></p>
        <p id="uploads-elsewhere" class="uploads-sum" role="status" data-text=say.say("review.uploads-elsewhere")></p>
        <ul id="uploads" class="uploads">{open}</ul>
        <template id="upload-row">
            <li class="upload" data-waiting=say.say("review.upload-waiting") data-sending=say.say("review.upload-sending")
                data-interrupted=say.say("review.upload-interrupted") data-cancelled=say.say("review.upload-cancelled") data-arrived=say.say("review.upload-arrived")
                // Why the server may not take a file, by its code.
                data-refused-too-large=too_large data-refused-storage-full=say.say("review.upload-no-room")
                data-refused-signed-out=say.say("error.signed-out") data-refused-forbidden=say.say("error.forbidden")
                data-refused-other=say.say("review.upload-refused")
                // What the packer in the browser found.
                data-found-none=say.say("review.found-none") data-found-one=say.say("review.found-one")
                data-found-many=say.say("review.found-many") data-found-no-book=say.say("review.found-no-book")>
                <span class="upload__name" data-name></span>
                <progress max="100" value="0" aria-label=say.say("review.upload-progress")></progress>
                <span class="upload__state" data-state></span>
                <span class="upload__look"><span data-title></span>" "<span class="upload__found" data-found></span></span>
                <code class="upload__release" data-release></code>
                <button type="button" class="button button--quiet button--small" data-stop>{say.say("review.upload-stop")}</button>
            </li>
        </template>
    }
}
