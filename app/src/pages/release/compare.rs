//! Two releases side by side: what differs in what they go by, in their files, and in the contents of their books.

use std::{borrow::Cow, collections::BTreeMap};

use leptos::{either::Either, prelude::*};
use packer::{inspect::Chapter, metadata::Field};
use service::{Package, PackageFile, Release};

use super::book::value;
use crate::{
    pages::profiles::diff::Diff,
    texts::{Texts, texts},
};

/// One of the two.
#[derive(Debug, Clone)]
pub struct Side {
    /// The release.
    pub release: Release,
    /// Its package, once it has one.
    pub package: Option<Package>,
}

impl Side {
    fn name(&self) -> String {
        let summary = &self.release.summary;
        summary.name.clone().unwrap_or_else(|| summary.title.clone())
    }
}

/// What changed from one release to another, the older one first whichever page one is on.
#[component]
pub fn Comparison(before: Side, after: Side) -> impl IntoView {
    let texts = texts();
    let values = values(texts, &before, &after);
    let files = files(&before, &after);
    let (old_chapters, new_chapters) = (outline(&before.release.book.chapters), outline(&after.release.book.chapters));
    view! {
        <section class="panel comparison" aria-labelledby="compare-title">
            <h2 id="compare-title">{texts.say("compare.title")}</h2>
            <dl class="comparison__sides">
                <div><dt>{texts.say("compare.before")}</dt><dd class="release-name">{before.name()}</dd></div>
                <div><dt>{texts.say("compare.after")}</dt><dd class="release-name">{after.name()}</dd></div>
            </dl>
            <h3 id="compare-values">{texts.say("metadata.title")}</h3>
            {if values.is_empty() {
                Either::Left(view! { <p class="soft">{texts.say("diff.same")}</p> })
            } else {
                Either::Right(view! { <Values texts values /> })
            }}
            <h3 id="compare-files">{texts.say("files.title")}</h3>
            {if files.is_empty() {
                Either::Left(view! { <p class="soft">{texts.say("compare.no-package")}</p> })
            } else {
                Either::Right(view! { <Files texts files /> })
            }}
            <h3>{texts.say("chapters.title")}</h3>
            <Diff before=old_chapters after=new_chapters />
        </section>
    }
}

/// A value that differs: its name, what it was, what it is.
type Changed = (String, Option<String>, Option<String>);

fn values(texts: Texts, before: &Side, after: &Side) -> Vec<Changed> {
    let of_field = |side: &Side, field| {
        let fields = side.release.fields.as_ref()?;
        value(fields, field).map(Cow::into_owned)
    };
    let fields = Field::ALL
        .into_iter()
        .map(|field| (texts.word("field", field.word()).to_owned(), of_field(before, field), of_field(after, field)));
    let rights = |side: &Side| {
        let rights = side.release.rights.as_ref()?;
        let basis = texts.rights(&rights.basis);
        Some(rights.note.as_ref().map_or(basis.clone(), |note| texts.labelled(&basis, note)))
    };
    let profile = |side: &Side| {
        let package = side.package.as_ref()?;
        Some(format!("{} {}", package.profile, package.profile_version))
    };
    let date = |side: &Side| Some(side.release.release_date.to_string());
    let more = [
        (texts.say("metadata.rights").to_owned(), rights(before), rights(after)),
        (texts.say("metadata.date").to_owned(), date(before), date(after)),
        (texts.word("field", "profile").to_owned(), profile(before), profile(after)),
    ];
    fields.chain(more).filter(|(_, before, after)| before != after).collect()
}

#[component]
fn Values(texts: Texts, values: Vec<Changed>) -> impl IntoView {
    let cell = move |value: Option<String>| match value {
        Some(value) => Either::Left(value),
        None => Either::Right(view! { <span class="soft">{texts.say("compare.nothing")}</span> }),
    };
    let rows = values
        .into_iter()
        .map(|(name, before, after)| {
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="comparison__old">{cell(before)}</td>
                    <td class="comparison__new">{cell(after)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="compare-values">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{texts.say("compare.value")}</th>
                        <th scope="col">{texts.say("compare.before")}</th>
                        <th scope="col">{texts.say("compare.after")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Same,
    Changed,
    New,
    Gone,
}

impl Fate {
    fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::New => "new",
            Self::Gone => "gone",
        }
    }
}

/// A file of either package: its path, its size before and now, what became of it.
type FileRow = (String, Option<u64>, Option<u64>, Fate);

/// The files of both packages. Names of files hold the name of their release: what stands in the same place is compared.
fn files(before: &Side, after: &Side) -> Vec<FileRow> {
    let (Some(before), Some(after)) = (&before.package, &after.package) else { return Vec::new() };
    let mut places: BTreeMap<String, (Option<&PackageFile>, Option<&PackageFile>)> = BTreeMap::new();
    for file in &before.files {
        places.entry(place(before, &file.path)).or_default().0 = Some(file);
    }
    for file in &after.files {
        places.entry(place(after, &file.path)).or_default().1 = Some(file);
    }
    let row = |(old, new): (Option<&PackageFile>, Option<&PackageFile>)| {
        let fate = match (old, new) {
            (Some(old), Some(new)) if old.sha256 == new.sha256 => Fate::Same,
            (Some(_), Some(_)) => Fate::Changed,
            (None, _) => Fate::New,
            (_, None) => Fate::Gone,
        };
        let path = new.or(old).map(|file| file.path.clone()).unwrap_or_default();
        (path, old.map(|file| file.size), new.map(|file| file.size), fate)
    };
    places.into_values().map(row).collect()
}

/// Where a file stands, whatever its package is called.
fn place(package: &Package, path: &str) -> String {
    let place = path.replace(&package.name, "*");
    match &package.volume_id {
        Some(volume) => place.replace(volume.as_str(), "*"),
        None => place,
    }
}

#[component]
fn Files(texts: Texts, files: Vec<FileRow>) -> impl IntoView {
    let size = move |size: Option<u64>| size.map(|size| texts.number(size));
    let rows = files
        .into_iter()
        .map(|(path, before, after, fate)| {
            view! {
                <tr class=format!("comparison__file comparison__file--{}", fate.word())>
                    <th scope="row" class="mono files__path">{path}</th>
                    <td class="number">{size(before)}</td>
                    <td class="number">{size(after)}</td>
                    <td>{texts.word("fate", fate.word())}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-labelledby="compare-files">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{texts.say("files.path")}</th>
                        <th scope="col" class="number">{texts.say("compare.bytes-before")}</th>
                        <th scope="col" class="number">{texts.say("compare.bytes-after")}</th>
                        <th scope="col">{texts.say("compare.fate")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The table of contents as lines, each as far in as it is deep.
fn outline(chapters: &[Chapter]) -> String {
    let line =
        |chapter: &Chapter| ["  ".repeat(usize::from(chapter.depth.min(8))).as_str(), &chapter.label, "\n"].concat();
    chapters.iter().map(line).collect()
}
