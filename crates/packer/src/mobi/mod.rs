//! Mobipocket and Kindle books: MOBI 6, KF8, and both in one file; PalmDOC, their ancestor; and what can only be named,
//! KFX and Topaz.

mod header;
mod locale;
mod metadata;
mod palm;
mod rules;

use std::io::{Read, SeekFrom};

pub use rules::CODES;

use crate::{
    checks::Run,
    format::Format,
    image,
    inspect::{Cover, DrmScheme, InspectError, Inspection, Protection, Source},
    limits::Limits,
    metadata::BookMetadata,
    watch::Watch,
};
use header::Header;
use palm::PalmDatabase;

/// Bytes of record 0 that are read: headers, EXTH records and the title; behind them is padding.
const HEADER_BYTES: u64 = 1 << 20;
/// The record in which a joint file says where its KF8 half begins.
const BOUNDARY: u32 = 121;
/// How many records behind the first image the cover is.
const COVER: u32 = 201;
/// The same for its smaller copy, which stands in where there is no cover.
const THUMBNAIL: u32 = 202;
/// A text that identifies whoever bought the file.
const WATERMARK: u32 = 208;

/// A book as its rules see it.
#[derive(Debug, Default)]
struct Book {
    /// True when the file ends inside its own list of records, or the list is not in order.
    is_damaged: bool,
    /// The first header; nothing when there is none.
    header: Option<Header>,
    /// The header of the KF8 half of a joint file.
    second: Option<Header>,
    /// True when the first half names a second and there is none.
    lacks_second: bool,
    /// True when a cover is named and its record is no image.
    has_broken_cover: bool,
}

impl Book {
    fn headers(&self) -> impl Iterator<Item = &Header> {
        self.header.iter().chain(&self.second)
    }
}

/// What the first bytes of a Kindle book say that no Palm database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sealed {
    /// KFX under DRM.
    Drm,
    /// KFX without; this version cannot read it.
    Kfx,
    /// Topaz, which was never sold without DRM.
    Topaz,
}

/// Tells MOBI 6 from KF8 by the header, and the names of MOBI 6 by the extension.
pub(crate) fn format(source: &mut dyn Source, extension: Option<&str>) -> Result<Format, InspectError> {
    let version = match PalmDatabase::open(source)? {
        Some(mut database) => database.read(0, HEADER_BYTES)?.as_deref().and_then(Header::read),
        None => None,
    };
    Ok(match (version.filter(|header| header.has_mobi), extension) {
        (Some(header), _) if header.version >= 8 => Format::Kf8,
        // Where the header says nothing, the name does.
        (None, Some("azw3" | "kf8")) => Format::Kf8,
        (_, Some("azw")) => Format::Azw,
        (_, Some("prc")) => Format::Prc,
        _ => Format::Mobi,
    })
}

/// Reads and checks a book.
pub(crate) fn inspect(
    source: &mut dyn Source,
    format: Format,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<Inspection, InspectError> {
    match sealed(source)? {
        Some(Sealed::Drm) => {
            return Ok(refused(format, Protection::Drm(DrmScheme::Kindle), limits, watch));
        }
        Some(Sealed::Topaz) => return Ok(refused(format, Protection::Unknown, limits, watch)),
        Some(Sealed::Kfx) => return Err(InspectError::Unsupported(format)),
        None => {}
    }
    let Some(mut database) = PalmDatabase::open(source)? else {
        let book = Book { is_damaged: true, ..Book::default() };
        return Ok(finished(format, &book, BookMetadata::default(), None, limits, watch));
    };
    let mut book = Book { is_damaged: database.is_damaged, ..Book::default() };
    book.header = database.read(0, HEADER_BYTES)?.as_deref().and_then(Header::read);
    if let Some(boundary) = book.header.as_ref().and_then(|header| header.number(BOUNDARY)) {
        book.second = read_second(&mut database, boundary)?;
        book.lacks_second = book.second.is_none();
    }
    watch.progress(1, 2);
    if watch.is_cancelled() {
        return Err(InspectError::Cancelled);
    }
    let mut cover = None;
    let mut metadata = BookMetadata::default();
    if let Some(header) = &book.header {
        // KF8 says more of itself than its older half does.
        let telling = book.second.as_ref().unwrap_or(header);
        let versions = match &book.second {
            Some(second) => format!("{} and {}", header.version, second.version),
            None => header.version.to_string(),
        };
        metadata = metadata::read(telling, &database.name, &versions);
        cover = read_cover(&mut database, header, limits)?;
        let names_one = header.number(COVER).or_else(|| header.number(THUMBNAIL)).is_some();
        book.has_broken_cover = names_one && cover.is_none();
    }
    watch.progress(2, 2);
    Ok(finished(format, &book, metadata, cover, limits, watch))
}

fn sealed(source: &mut dyn Source) -> Result<Option<Sealed>, InspectError> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    Read::take(&mut *source, 8).read_to_end(&mut head)?;
    Ok(match head.as_slice() {
        b"\xeaDRMION\xee" => Some(Sealed::Drm),
        [b'C', b'O', b'N', b'T', ..] => Some(Sealed::Kfx),
        [b'T', b'P', b'Z', ..] => Some(Sealed::Topaz),
        _ => None,
    })
}

/// The header behind the boundary of a joint file: only what is KF8 counts.
fn read_second(database: &mut PalmDatabase<'_>, boundary: u32) -> Result<Option<Header>, InspectError> {
    let index = boundary as usize;
    let before = match index.checked_sub(1) {
        Some(before) => database.read(before, 8)?,
        None => None,
    };
    if before.as_deref() != Some(b"BOUNDARY") {
        return Ok(None);
    }
    let header = database.read(index, HEADER_BYTES)?.as_deref().and_then(Header::read);
    Ok(header.filter(|header| header.has_mobi))
}

fn read_cover(
    database: &mut PalmDatabase<'_>,
    header: &Header,
    limits: &Limits,
) -> Result<Option<Cover>, InspectError> {
    let Some(first) = header.first_image else { return Ok(None) };
    let named = header.number(COVER).or_else(|| header.number(THUMBNAIL));
    let Some(index) = named.and_then(|offset| first.checked_add(offset)) else { return Ok(None) };
    if header.encryption != 0 || database.size(index as usize).is_none_or(|size| size > limits.cover_bytes) {
        return Ok(None);
    }
    let Some(bytes) = database.read(index as usize, limits.cover_bytes)? else { return Ok(None) };
    let Some(media_type) = image::media_type(&bytes) else { return Ok(None) };
    let pixels = image::pixels(&bytes);
    let is_huge = |(width, height): (u32, u32)| u64::from(width) * u64::from(height) > limits.image_pixels;
    if pixels.is_some_and(is_huge) {
        return Ok(None);
    }
    Ok(Some(Cover { path: format!("record {index}"), media_type: media_type.to_owned(), bytes, pixels }))
}

fn refused(format: Format, protection: Protection, limits: &Limits, watch: &dyn Watch) -> Inspection {
    let mut run = Run::new(limits, watch);
    run.protection(&protection);
    Inspection { protection, ..Inspection::of_nothing_but(format, run.finish()) }
}

fn finished(
    format: Format,
    book: &Book,
    metadata: BookMetadata,
    cover: Option<Cover>,
    limits: &Limits,
    watch: &dyn Watch,
) -> Inspection {
    let is_encrypted = book.headers().any(|header| header.encryption != 0);
    let protection = if is_encrypted { Protection::Drm(DrmScheme::Kindle) } else { Protection::None };
    let mut run = Run::new(limits, watch);
    run.protection(&protection);
    rules::run(book, &mut run);
    Inspection { format, metadata, cover, chapters: Vec::new(), protection, findings: run.finish() }
}

#[cfg(test)]
mod tests;
