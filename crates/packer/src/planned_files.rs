//! The files of a package to come, with their sizes where they are known before packing.

use crate::{
    archive::{
        rar::{VolumeLayout, volume_name},
        volume_zip::zip_name,
        zip_store::{StoredEntry, StoredZip},
    },
    bag::contents,
    hash::Crc32,
    info::diz,
    plan::{Contents, Plan, PlannedFile},
    profile::Layout,
};

/// The files of the plan's package, in the order in which they are shown.
pub(crate) fn of(plan: &Plan, volumes: Option<VolumeLayout>) -> Vec<PlannedFile> {
    let nfo = file(format!("{}.nfo", plan.name), Some(plan.nfo.len() as u64));
    let sums = || file("SHA256SUMS", None);
    let manifest = || file("manifest.json", None);
    match (plan.contents(), plan.layout) {
        (Contents::Whole, Layout::Bagit) => vec![bag(plan), nfo, sums(), manifest()],
        (Contents::DirFix, _) => vec![nfo, manifest()],
        (Contents::NfoFix, Layout::Plain | Layout::Bagit) => vec![nfo, sums(), manifest()],
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

/// The name of the bag in a package.
pub(crate) fn bag_name(plan: &Plan) -> Option<String> {
    plan.bag.map(|serialization| format!("{}.{}", plan.name, serialization.extension()))
}

/// The bag, with its payload; tag files are its own affair.
fn bag(plan: &Plan) -> PlannedFile {
    let contains = contents::payload(plan).into_iter().map(|part| file(part.path, Some(part.size))).collect();
    PlannedFile { path: bag_name(plan).unwrap_or_default(), size: None, contains }
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
    // Checksums do not change sizes.
    let stored = contains
        .iter()
        .map(|entry: &PlannedFile| Some(StoredEntry { name: entry.path.clone(), size: entry.size?, crc32: Crc32(0) }));
    let entries = stored.collect::<Option<Vec<_>>>();
    let size = entries.and_then(|entries| StoredZip::new(plan.date, entries).ok()).map(|zip| zip.size());
    PlannedFile { path: zip_name(&base, index), size, contains }
}

fn file(path: impl Into<String>, size: Option<u64>) -> PlannedFile {
    PlannedFile { path: path.into(), size, contains: Vec::new() }
}
