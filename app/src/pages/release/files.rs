//! The files of a package, each with its checksums and its own download.

use leptos::{either::Either, prelude::*};
use service::{Package, PackageFile};

use crate::{
    components::{
        copy_button::CopyButton,
        icon::{Glyph, Icon},
    },
    model::paths,
    texts::{texts, time::machine_time},
};

/// The package, file by file. One that is not offered has no downloads, and neither has a file that is no longer kept.
#[component]
pub fn Files(package: Package, is_offered: bool) -> impl IntoView {
    let texts = texts();
    let id = package.id.to_string();
    let rows =
        package.files.into_iter().map(|file| view! { <FileRow package=id.clone() file is_offered /> }).collect_view();
    view! {
        <section class="panel" aria-labelledby="files-title">
            <div class="panel__head">
                <h2 id="files-title">
                    {texts.say("files.title")}
                    <span class="panel__count">{texts.size(package.size)}</span>
                </h2>
                <p class="soft">
                    {texts.say_with("files.packed", &[("profile", &package.profile), ("version", &package.profile_version)])}
                    " "
                    <time datetime=machine_time(package.created_at.0)>{texts.moment(package.created_at.0)}</time>
                </p>
            </div>
            <div class="table-scroll" tabindex="0" role="group" aria-labelledby="files-title">
                // As cards it stays a table for a screen reader: every browser goes by the roles.
                <table class="files cards" role="table">
                    <thead role="rowgroup">
                        <tr role="row">
                            <th scope="col" role="columnheader">{texts.say("files.path")}</th>
                            <th scope="col" role="columnheader" class="number">{texts.say("files.size")}</th>
                            <th scope="col" role="columnheader">"CRC-32"</th>
                            <th scope="col" role="columnheader">"SHA-256"</th>
                            {is_offered.then(|| view! { <th scope="col" role="columnheader"><span class="unseen">{texts.say("files.download")}</span></th> })}
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn FileRow(package: String, file: PackageFile, is_offered: bool) -> impl IntoView {
    let texts = texts();
    let (crc32, sha256) = (file.crc32.to_string(), file.sha256.to_string());
    // Sixteen digits tell any two files apart at a glance; the button copies all of them.
    let short = sha256.get(..16).unwrap_or_default().to_owned();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader" class="mono files__path">{breakable(&file.path)}</th>
            <td role="cell" class="number" data-label=texts.say("files.size")>{texts.number(file.size)}</td>
            <td role="cell" class="mono" data-label="CRC-32"><span class="sum">{crc32.clone()}<CopyButton text=crc32 what=format!("CRC-32, {}", file.path) /></span></td>
            <td role="cell" class="mono" data-label="SHA-256">
                <span class="sum">
                    <abbr title=sha256.clone()>{short}"…"</abbr>
                    <CopyButton text=sha256 what=format!("SHA-256, {}", file.path) />
                </span>
            </td>
            {is_offered.then(|| view! {
                <td role="cell">
                    {if file.is_kept {
                        Either::Left(view! {
                            <a class="button button--quiet button--icon" href=paths::package_file(&package, file.position) download="">
                                <Icon glyph=Glyph::Download />
                                <span class="unseen">{texts.say_with("files.download-one", &[("path", &file.path)])}</span>
                            </a>
                        })
                    } else {
                        Either::Right(view! { <span class="soft">{texts.say("files.removed")}</span> })
                    }}
                </td>
            })}
        </tr>
    }
}

/// The name of a file, which breaks after a dot before it breaks in a word.
pub(in crate::pages) fn breakable(path: &str) -> AnyView {
    path.split_inclusive('.').map(|part| view! { {part.to_owned()}<wbr /> }).collect_view().into_any()
}
