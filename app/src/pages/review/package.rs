//! The files of the package to be.

use leptos::prelude::*;
use packer::plan::PlannedFile;
use service::Preview;

use crate::texts::{Texts, texts};

#[component]
pub fn PackageToBe(preview: Preview) -> impl IntoView {
    let say = texts();
    let volumes = preview.volumes.zip(preview.volume_size);
    view! {
        <section id="review-package" class="panel package" data-live aria-labelledby="package-title">
            <h2 id="package-title">{say.say("review.package")}</h2>
            {volumes
                .map(|(count, size)| {
                    view! {
                        <p class="quiet">
                            {say.count("review.volumes", u64::from(count))}" · "
                            {say.say_with("review.volume-size", &[("size", &say.size(size))])}
                            {preview.volume_id.map(|id| view! { " · "<code>{id.to_string()}</code> })}
                        </p>
                    }
                })}
            {if preview.files.is_empty() {
                view! { <p class="quiet">{say.say("review.no-package")}</p> }.into_any()
            } else {
                files(say, preview.files).into_any()
            }}
        </section>
    }
}

fn files(say: Texts, files: Vec<PlannedFile>) -> impl IntoView {
    let rows: Vec<_> = files
        .into_iter()
        .map(|file| {
            let size = file.size.map(|size| say.number(size)).unwrap_or_default();
            let inside = (!file.contains.is_empty()).then(|| files_any(say, file.contains));
            view! { <li><span class="file-tree__file"><code>{file.path}</code><span class="file-tree__size">{size}</span></span>{inside}</li> }
        })
        .collect();
    view! { <ul class="file-tree">{rows}</ul> }
}

/// Files inside a file; erased, since a view cannot hold itself.
fn files_any(say: Texts, inside: Vec<PlannedFile>) -> AnyView {
    files(say, inside).into_any()
}
