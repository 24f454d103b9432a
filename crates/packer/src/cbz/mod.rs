//! CBZ: page images in a ZIP, and `ComicInfo.xml` beside them.
//!
//! There is no standard. What readers agree on is followed: pages are the images in natural order of their paths, and
//! metadata is what ComicRack's `ComicInfo.xml` (version 2) says, at the root of the archive.

mod comic_info;
mod natural;
mod pages;
mod rules;

use crate::{
    checks::{OpenContainer, Run},
    container::{Container, ReadError},
    format::Format,
    image,
    inspect::{Cover, InspectError, Inspection, Protection},
    limits::Limits,
    watch::Watch,
    xml::{Fault, Text, Tree},
    zip::Zip,
};

pub use rules::CODES;

use comic_info::ComicInfo;
use pages::Page;

/// Where the metadata stands.
const COMIC_INFO: &str = "ComicInfo.xml";

/// A comic as its rules see it.
struct Comic<'a> {
    container: &'a dyn Container,
    limits: &'a Limits,
    /// Its pages in their order.
    pages: Vec<Page>,
    /// What it says of itself.
    info: Option<ComicInfo>,
    /// Why `ComicInfo.xml` could not be read.
    info_fault: Option<String>,
}

/// Reads and checks a comic whose archive is open.
pub(crate) fn inspect(zip: &Zip<'_>, limits: &Limits, watch: &dyn Watch) -> Result<Inspection, InspectError> {
    let mut unread = Vec::new();
    let protection = if zip.entries().iter().any(|entry| entry.header.as_ref().is_some_and(|one| one.is_encrypted)) {
        Protection::Drm(crate::inspect::DrmScheme::Password)
    } else {
        Protection::None
    };
    let pages = pages::read(zip, watch, &mut unread)?;
    let (info, info_fault) = read_info(zip, limits, &mut unread)?;
    let comic = Comic { container: zip, limits, pages, info, info_fault };
    let cover = cover(&comic, &mut unread)?;
    let mut metadata = comic.info.as_ref().map(ComicInfo::metadata).unwrap_or_default();
    metadata.spine = u32::try_from(comic.pages.len()).ok();
    let mut run = Run::new(limits, watch);
    run.container(&OpenContainer { container: zip, limits, unread: &unread });
    run.protection(&protection);
    rules::run(&comic, &mut run);
    if watch.is_cancelled() {
        return Err(InspectError::Cancelled);
    }
    Ok(Inspection {
        format: Format::Cbz,
        metadata,
        cover,
        chapters: comic.info.as_ref().map(ComicInfo::chapters).unwrap_or_default(),
        protection,
        findings: run.finish(),
    })
}

type Info = (Option<ComicInfo>, Option<String>);

fn read_info(zip: &Zip<'_>, limits: &Limits, unread: &mut Vec<(String, ReadError)>) -> Result<Info, InspectError> {
    let found = zip.entries().iter().position(|entry| entry.path.eq_ignore_ascii_case(COMIC_INFO));
    let Some(index) = found else { return Ok((None, None)) };
    let bytes = match zip.read(index, limits.document_bytes) {
        Ok(bytes) => bytes,
        Err(ReadError::Io(error)) => return Err(error.into()),
        Err(error) => {
            let told = error.to_string();
            unread.push((zip.entries()[index].path.clone(), error));
            return Ok((None, Some(told)));
        }
    };
    let read = Text::decode(&bytes, limits).and_then(|text| Ok(ComicInfo::read(&Tree::parse(&text, limits)?)));
    Ok(match read {
        Ok(info) => (Some(info), None),
        Err(fault) => (None, Some(told(&fault))),
    })
}

/// The fault in few words; where the text of a finding names values, they are not words of a language.
fn told(fault: &Fault) -> String {
    match fault {
        Fault::Malformed { at, .. } => format!("{}:{}", at.line, at.column),
        other => format!("{other:?}").split([' ', '(', '{']).next().unwrap_or_default().to_lowercase(),
    }
}

/// The page that `ComicInfo.xml` calls the front cover, else the first.
fn cover(comic: &Comic<'_>, unread: &mut Vec<(String, ReadError)>) -> Result<Option<Cover>, InspectError> {
    let named = comic.info.as_ref().and_then(|info| info.front_cover);
    let Some(page) = named.and_then(|index| comic.pages.get(index)).or_else(|| comic.pages.first()) else {
        return Ok(None);
    };
    let is_huge = |(width, height): (u32, u32)| u64::from(width) * u64::from(height) > comic.limits.image_pixels;
    if page.pixels.is_some_and(is_huge) {
        return Ok(None);
    }
    let bytes = match comic.container.read(page.entry, comic.limits.cover_bytes) {
        Ok(bytes) => bytes,
        Err(ReadError::Io(error)) => return Err(error.into()),
        // An encrypted one is told as such.
        Err(ReadError::Encrypted) => return Ok(None),
        Err(error) => {
            unread.push((page.path.clone(), error));
            return Ok(None);
        }
    };
    let Some(media_type) = image::media_type(&bytes) else { return Ok(None) };
    let pixels = image::pixels(&bytes);
    Ok(Some(Cover { path: page.path.clone(), media_type: media_type.to_owned(), bytes, pixels }))
}

#[cfg(test)]
mod tests;
