//! What a file is, told by its content; only where the content says nothing does its name decide.

use std::io::{Read, SeekFrom};

use crate::{
    container::{Container, Entry},
    format::Format,
    inspect::{InspectError, Source},
    limits::Limits,
    mobi,
    watch::Watch,
    zip::{Zip, ZipError},
};

/// Bytes at the beginning that are looked at.
const HEAD: u64 = 4096;

/// Tells the format of a file.
pub fn identify(
    source: &mut dyn Source,
    file_name: &str,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<Format, InspectError> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    Read::take(&mut *source, HEAD).read_to_end(&mut head)?;
    let extension = file_name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let extension = extension.as_deref();
    if contains(&head[..head.len().min(1024)], b"%PDF-") {
        return Ok(Format::Pdf);
    }
    match head.get(60..68) {
        Some(b"BOOKMOBI") => return mobi::format(source, extension),
        Some(b"TEXtREAd") => return Ok(Format::Prc),
        _ => {}
    }
    // KFX, protected or not, and Topaz: Kindle's, under whatever name.
    if head.starts_with(b"\xeaDRMION\xee") || head.starts_with(b"CONT\x02\x00") || head.starts_with(b"TPZ") {
        return Ok(Format::Azw);
    }
    if contains(&head, b"fulfillmentToken") && contains(&head, b"http://ns.adobe.com/adept") {
        return Err(InspectError::Ticket);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        if head.get(30..58).is_some_and(|start| start == b"mimetypeapplication/epub+zip") {
            return Ok(Format::Epub);
        }
        match Zip::directory(source, limits, watch) {
            Ok(zip) => {
                if let Some(format) = of_entries(zip.entries()) {
                    return Ok(format);
                }
            }
            Err(ZipError::Io(error)) => return Err(InspectError::Io(error)),
            Err(ZipError::Cancelled) => return Err(InspectError::Cancelled),
            Err(ZipError::Damaged | ZipError::Entries(_) | ZipError::Directory(_)) => {
                if contains(&head, b"META-INF/container.xml") {
                    return Ok(Format::Epub);
                }
            }
        }
    }
    match extension {
        Some("epub" | "kepub") => Ok(Format::Epub),
        Some("pdf") => Ok(Format::Pdf),
        Some("mobi" | "azw" | "azw3" | "kf8" | "prc") => mobi::format(source, extension),
        Some("cbz") => Ok(Format::Cbz),
        Some("acsm") => Err(InspectError::Ticket),
        _ => Err(InspectError::UnknownFormat),
    }
}

/// The signs of an EPUB, else mostly images.
fn of_entries(entries: &[Entry]) -> Option<Format> {
    let is_epub = entries.iter().any(|entry| {
        entry.path == "META-INF/container.xml"
            || entry.path == "mimetype"
            || entry.path.to_ascii_lowercase().ends_with(".opf")
    });
    if is_epub {
        return Some(Format::Epub);
    }
    let files = entries.iter().filter(|entry| !entry.is_directory);
    let images = files.clone().filter(|entry| is_page(&entry.path)).count();
    (images > 0 && images * 2 > files.count()).then_some(Format::Cbz)
}

fn is_page(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".jxl"].iter().any(|end| lower.ends_with(end))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
