//! What a link shows of a release to whoever has it: what its package must be, and a place to drop a copy of it. The copy is
//! read in the browser, and nothing of it is sent.

use leptos::prelude::*;
use leptos_meta::Meta;
use leptos_router::hooks::use_query_map;
use service::{PackageFile, Published};

use super::{
    release::files::breakable,
    verify::{Outcome, Zone},
};
use crate::{
    components::{
        copy_button::CopyButton,
        error_view::error_view,
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
    },
    error::AppError,
    islands::Verify,
    ssr::{
        context,
        convert::{answer_with, convert},
    },
    texts::{Texts, texts, time::machine_time},
};

/// For everybody who has the link; without one it says what the page is for.
#[component]
pub fn VerifyLinkPage() -> impl IntoView {
    match use_query_map().get_untracked().get("link").filter(|token| !token.is_empty()) {
        Some(token) => loaded(found(token), page),
        None => error_view(&answer_with(AppError::not_found("verify-link"))),
    }
}

async fn found(token: String) -> Result<Published, AppError> {
    context::services()?.verify_links().published(&token).await.map_err(convert)
}

fn page(published: Published) -> AnyView {
    let texts = texts();
    let manifest = published.manifest_sha256.to_string();
    let Published { name, title, authors, packed_at, files, size, is_signed, withdrawn, .. } = published;
    let command = command(&files);
    let count = texts.count("files.count", files.len() as u64);
    let signature = if is_signed { texts.say("published.signed") } else { texts.say("published.not-signed") };
    view! {
        <Meta name="robots" content="noindex" />
        <Frame title=title.clone()>
            <div class="verify">
                <header class="stack stack--tight">
                    <p class="soft">{texts.say("published.lead")}</p>
                    <h1>{title}</h1>
                    {(!authors.is_empty()).then(|| view! { <p class="release-head__authors">{authors}</p> })}
                    <p class="published__name"><span class="release-name">{name.clone()}</span><CopyButton text=name what=texts.say("release.name").to_owned() /></p>
                    <p class="soft">
                        {count}" · "{texts.size(size)}" · "
                        <time datetime=machine_time(packed_at.0)>{texts.moment(packed_at.0)}</time>
                    </p>
                </header>
                {withdrawn.map(|(at, reason)| view! {
                    <div class="alert alert--refused">
                        <Icon glyph=Glyph::Refused />
                        <div class="stack stack--tight">
                            <p>{texts.say("published.withdrawn")}" "<time datetime=machine_time(at.0)>{texts.moment(at.0)}</time></p>
                            <blockquote class="quoted"><p>{reason}</p></blockquote>
                            <p>{texts.say("published.withdrawn-text")}</p>
                        </div>
                    </div>
                })}
                <Zone texts no_script=texts.say("published.no-script") manifest=manifest.clone() />
                <Outcome texts />
                <section class="panel" aria-labelledby="published-title">
                    <h2 id="published-title">{texts.say("published.files")}</h2>
                    <p>{texts.say("published.text")}</p>
                    <Sums texts files />
                    <dl class="facts">
                        <dt>{texts.say("verify.signature")}</dt>
                        <dd>{signature}</dd>
                        <dt>"manifest.json"</dt>
                        <dd class="mono"><span class="sum sum--whole">{manifest.clone()}<CopyButton text=manifest what="SHA-256, manifest.json".to_owned() /></span></dd>
                    </dl>
                </section>
                {command.map(|command| view! { <Command texts command /> })}
            </div>
            <Verify />
        </Frame>
    }
    .into_any()
}

/// The list of checksums in a package, where its layout has one.
const LIST: &str = "SHA256SUMS";

/// What compares a copy on the command line. The list in a copy may be as wrong as the copy: it is compared first with what
/// was released.
fn command(files: &[PackageFile]) -> Option<String> {
    let list = files.iter().find(|file| file.path == LIST)?;
    Some(format!(r#"echo "{}  {LIST}" | sha256sum -c && sha256sum -c {LIST}"#, list.sha256))
}

#[component]
fn Command(texts: Texts, command: String) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="command-title">
            <h2 id="command-title">{texts.say("published.command")}</h2>
            <p>{texts.say("published.command-text")}</p>
            <p><code class="sum sum--whole">{command.clone()}<CopyButton text=command what=texts.say("published.command").to_owned() /></code></p>
        </section>
    }
}

/// Every file with what it must be.
#[component]
fn Sums(texts: Texts, files: Vec<PackageFile>) -> impl IntoView {
    let rows = files
        .into_iter()
        .map(|file| {
            let sha256 = file.sha256.to_string();
            view! {
                <tr role="row">
                    <th scope="row" role="rowheader" class="mono files__path">{breakable(&file.path)}</th>
                    <td role="cell" class="number" data-label=texts.say("files.size")>{texts.number(file.size)}</td>
                    <td role="cell" class="mono" data-label="SHA-256">
                        <span class="sum sum--whole">{sha256.clone()}<CopyButton text=sha256 what=format!("SHA-256, {}", file.path) /></span>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="published-title">
            // As cards it stays a table for a screen reader: every browser goes by the roles.
            <table class="files cards" role="table">
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">{texts.say("files.path")}</th>
                        <th scope="col" role="columnheader" class="number">{texts.say("files.size")}</th>
                        <th scope="col" role="columnheader">"SHA-256"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> PackageFile {
        PackageFile {
            position: 0,
            path: path.to_owned(),
            size: 1,
            crc32: packer::hash::Crc32(0),
            sha256: packer::hash::Sha256([7; 32]),
            is_kept: true,
        }
    }

    #[test]
    fn the_list_of_a_copy_is_compared_with_what_was_released_before_it_is_believed() {
        let list = file(LIST);
        let command = command(&[file("book.epub"), list.clone()]).unwrap();
        let (first, second) = command.split_once(" && ").unwrap();
        assert_eq!(first, format!("echo \"{}  SHA256SUMS\" | sha256sum -c", list.sha256));
        assert_eq!(second, "sha256sum -c SHA256SUMS");
    }

    #[test]
    fn a_package_without_the_list_has_no_such_command() {
        assert_eq!(super::command(&[file("manifest.json")]), None);
    }
}
