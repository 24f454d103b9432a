//! The pages of a comic: its images, in natural order, with their sizes.

use crate::{
    container::{Container, Entry, ReadError},
    image,
    inspect::InspectError,
    watch::Watch,
    zip::Zip,
};

/// Bytes of a page that are looked at: a camera's notes stand before the size of a JPEG.
const HEAD: usize = 64 << 10;

/// What a file must be called to be a page.
const EXTENSIONS: [(&str, &str); 8] = [
    (".jpg", "image/jpeg"),
    (".jpeg", "image/jpeg"),
    (".png", "image/png"),
    (".gif", "image/gif"),
    (".webp", "image/webp"),
    (".avif", "image/avif"),
    (".jxl", "image/jxl"),
    (".bmp", "image/bmp"),
];

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    /// Its entry in the archive.
    pub(super) entry: usize,
    /// Its path.
    pub(super) path: String,
    /// The media type that its name promises.
    pub(super) promised: &'static str,
    /// The media type that its first bytes show; nothing when they show none, or could not be read.
    pub(super) found: Option<&'static str>,
    /// Width and height.
    pub(super) pixels: Option<(u32, u32)>,
    /// False when its bytes could not be read at all; that is told elsewhere.
    pub(super) is_read: bool,
}

/// Reads the head of every page.
pub(super) fn read(
    zip: &Zip<'_>,
    watch: &dyn Watch,
    unread: &mut Vec<(String, ReadError)>,
) -> Result<Vec<Page>, InspectError> {
    let entries = zip.entries().iter().enumerate();
    let mut images: Vec<(usize, &Entry, &'static str)> = entries
        .filter(|(_, entry)| !entry.is_directory && !entry.is_link && !is_hidden(&entry.path))
        .filter_map(|(index, entry)| Some((index, entry, promised(&entry.path)?)))
        .collect();
    images.sort_by(|(_, one, _), (_, other, _)| super::natural::compare(&one.path, &other.path));
    let total = images.len() as u64;
    let mut pages = Vec::with_capacity(images.len());
    for (done, (index, entry, promised)) in (0..).zip(images) {
        if watch.is_cancelled() {
            return Err(InspectError::Cancelled);
        }
        watch.progress(done, total);
        let bytes = match zip.head(index, HEAD) {
            Ok(bytes) => Some(bytes),
            Err(ReadError::Io(error)) => return Err(error.into()),
            Err(ReadError::Encrypted) => None,
            Err(error) => {
                unread.push((entry.path.clone(), error));
                None
            }
        };
        pages.push(Page {
            entry: index,
            path: entry.path.clone(),
            promised,
            found: bytes.as_deref().and_then(media_type),
            pixels: bytes.as_deref().and_then(image::pixels),
            is_read: bytes.is_some(),
        });
    }
    watch.progress(total, total);
    Ok(pages)
}

/// What a name promises the file to be.
pub(super) fn promised(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    EXTENSIONS.iter().find(|(end, _)| lower.ends_with(end)).map(|(_, media_type)| *media_type)
}

/// Copies that systems leave beside the files themselves.
pub(super) fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part == "__MACOSX" || part.starts_with("._"))
}

/// By the magic bytes: those of a cover, and the younger kinds that a cover is not made of.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    image::media_type(bytes).or_else(|| match imagesize::image_type(bytes).ok()? {
        imagesize::ImageType::Bmp => Some("image/bmp"),
        imagesize::ImageType::Heif(imagesize::Compression::Av1) => Some("image/avif"),
        imagesize::ImageType::Jxl => Some("image/jxl"),
        _ => None,
    })
}
