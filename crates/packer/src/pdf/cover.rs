//! The cover: the first page, where it is one JPEG and nothing else. Nothing is drawn here; why not:
//! `docs/decisions/0020-no-drawn-covers-of-pdf.md`.

use super::{
    file::{PdfFile, Stop},
    object::{Dictionary, Object},
    pages::Pages,
};
use crate::{image, inspect::Cover, limits::Limits};

/// By how much the image may differ in proportion from the page that it fills.
const TOLERANCE: f64 = 0.1;

/// The image of the first page as it stands in the file.
pub(super) fn read(file: &mut PdfFile<'_>, pages: &Pages, limits: &Limits) -> Result<Option<Cover>, Stop> {
    let Some((_, resources)) = &pages.first else { return Ok(None) };
    let Some((page_width, page_height)) = pages.first_size.filter(|size| size.0 > 0.0 && size.1 > 0.0) else {
        return Ok(None);
    };
    if !file.table(resources, "Font")?.0.is_empty() {
        return Ok(None);
    }
    let drawn = file.table(resources, "XObject")?;
    let [(_, only)] = drawn.0.as_slice() else { return Ok(None) };
    let Object::Stream(dictionary, data) = file.resolve(only)? else { return Ok(None) };
    let is_jpeg = file.filters(&dictionary)? == [b"DCTDecode"];
    if !is_jpeg || !dictionary.is("Subtype", "Image") || !fills(&dictionary, page_width / page_height) {
        return Ok(None);
    }
    let Some(bytes) = file.raw_stream(&dictionary, data, limits.cover_bytes)? else { return Ok(None) };
    let pixels = image::pixels(&bytes);
    let is_huge = |(width, height): (u32, u32)| u64::from(width) * u64::from(height) > limits.image_pixels;
    let is_usable = image::media_type(&bytes) == Some("image/jpeg") && !pixels.is_some_and(is_huge);
    Ok(is_usable.then(|| Cover { path: "page 1".to_owned(), media_type: "image/jpeg".to_owned(), bytes, pixels }))
}

fn fills(image: &Dictionary, page: f64) -> bool {
    let side = |name: &str| image.get(name).and_then(Object::number).filter(|side| *side > 0.0);
    side("Width").zip(side("Height")).is_some_and(|(width, height)| (width / height / page - 1.0).abs() < TOLERANCE)
}
