//! The files of a package to come, with their sizes where they are known before packing.

use crate::{
    info::diz,
    plan::{Contents, Plan, PlannedFile},
    profile::Layout,
    volume_layout::VolumeLayout,
};

/// Bytes of a stored ZIP that are not its entries' own: for each entry a local header of 30 and a directory header of
/// 46 with the name in both, and an end of 22, after PKWARE's APPNOTE.
const ZIP_LOCAL: u64 = 30;
const ZIP_DIRECTORY: u64 = 46;
const ZIP_END: u64 = 22;

/// The files of the plan's package, in the order in which they are shown.
pub(crate) fn of(plan: &Plan, volumes: Option<VolumeLayout>) -> Vec<PlannedFile> {
    let nfo = file(format!("{}.nfo", plan.name), Some(plan.nfo.len() as u64));
    let sums = || file("SHA256SUMS", None);
    let manifest = || file("manifest.json", None);
    match (plan.contents(), plan.layout) {
        (Contents::DirFix, _) => vec![nfo, manifest()],
        (Contents::NfoFix, Layout::Plain) => vec![nfo, sums(), manifest()],
        (Contents::NfoFix | Contents::Whole, Layout::SceneEbook) => {
            let zips = volumes
                .into_iter()
                .flat_map(|layout| (0..layout.volumes()).map(move |index| zip(plan, &layout, index)));
            let sfv = file(format!("{}.sfv", plan.name), None);
            zips.chain([nfo, sfv, sums(), manifest()]).collect()
        }
        (Contents::Whole, Layout::Plain) => {
            let book = file(plan.book_file_name.clone(), Some(plan.book_size));
            let cover =
                plan.cover.as_ref().map(|cover| file(cover_name(&cover.media_type), Some(cover.bytes.len() as u64)));
            [book, nfo].into_iter().chain(cover).chain([sums(), manifest()]).collect()
        }
    }
}

/// The name of the cover in a package.
pub(crate) fn cover_name(media_type: &str) -> String {
    let extension = match media_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/svg+xml" => "svg",
        _ => "bin",
    };
    format!("cover.{extension}")
}

fn zip(plan: &Plan, layout: &VolumeLayout, index: u32) -> PlannedFile {
    let base = plan.volume_id.as_ref().map(ToString::to_string).unwrap_or_default();
    let diz = usize::try_from(index).ok().and_then(|index| plan.diz.get(index)).map(|diz| diz.len() as u64);
    let contains = vec![
        file(diz::FILE_NAME, diz),
        file(format!("{base}.nfo"), Some(plan.nfo.len() as u64)),
        file(volume_name(&base, index), Some(layout.size_of(index))),
    ];
    let sizes = contains
        .iter()
        .map(|entry| entry.size.map(|size| size + ZIP_LOCAL + ZIP_DIRECTORY + 2 * entry.path.len() as u64));
    let size = sizes.sum::<Option<u64>>().map(|sum| sum + ZIP_END);
    PlannedFile { path: format!("{base}{:02}.zip", index + 1), size, contains }
}

fn volume_name(base: &str, index: u32) -> String {
    match index.checked_sub(1) {
        None => format!("{base}.rar"),
        Some(number) => format!("{base}.r{number:02}"),
    }
}

fn file(path: impl Into<String>, size: Option<u64>) -> PlannedFile {
    PlannedFile { path: path.into(), size, contains: Vec::new() }
}
