//! The cover: the item that says so, else the one that EPUB 2 names, else the image of the guide's cover page.

use super::{
    content::{Content, Use},
    package::{Item, Package},
    url,
};
use crate::{
    container::{Container, ReadError},
    image,
    inspect::{Cover, InspectError},
    limits::Limits,
    xml::{Text, Tree},
};

/// Why the cover that a book names cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoverFault {
    /// It has more bytes than the limit.
    Bytes {
        /// Its path.
        path: String,
        /// The limit.
        limit: u64,
    },
    /// It has more pixels than the limit.
    Pixels {
        /// Its path.
        path: String,
        /// Width and height.
        pixels: (u32, u32),
        /// The limit.
        limit: u64,
    },
    /// It is no image of a kind that is known, or cannot be unpacked.
    Unreadable {
        /// Its path.
        path: String,
    },
}

/// Reads the cover. `find` gives the entry of a path.
pub fn read(
    package: &Package,
    contents: &[Content],
    container: &dyn Container,
    find: impl Fn(&str) -> Option<usize>,
    limits: &Limits,
) -> Result<Result<Option<Cover>, CoverFault>, InspectError> {
    let Some(path) = path(package, contents) else { return Ok(Ok(None)) };
    let Some(index) = find(&path) else { return Ok(Ok(None)) };
    let bytes = match container.read(index, limits.cover_bytes) {
        Ok(bytes) => bytes,
        Err(ReadError::Io(error)) => return Err(error.into()),
        Err(ReadError::TooLarge(limit)) => return Ok(Err(CoverFault::Bytes { path, limit })),
        Err(_) => return Ok(Err(CoverFault::Unreadable { path })),
    };
    let (media_type, pixels) = match image::media_type(&bytes) {
        Some(media_type) => (media_type, image::pixels(&bytes)),
        None => match svg_size(&bytes, limits) {
            Some(size) => ("image/svg+xml", size.0),
            None => return Ok(Err(CoverFault::Unreadable { path })),
        },
    };
    if let Some(pixels) = pixels.filter(|(width, height)| u64::from(*width) * u64::from(*height) > limits.image_pixels)
    {
        return Ok(Err(CoverFault::Pixels { path, pixels, limit: limits.image_pixels }));
    }
    Ok(Ok(Some(Cover { path, media_type: media_type.to_owned(), bytes, pixels })))
}

fn path(package: &Package, contents: &[Content]) -> Option<String> {
    let is_image = |item: &&Item| item.kind().starts_with("image/");
    let named = || {
        let id = package.named("cover")?;
        let found = package.item(id).or_else(|| package.items.iter().find(|item| item.href.as_deref() == Some(id)));
        found.filter(is_image)
    };
    let item = package.items.iter().find(|item| item.has_property("cover-image")).filter(is_image).or_else(named);
    if let Some(path) = item.and_then(|item| item.path.clone()) {
        return Some(path);
    }
    let reference = package.guide.iter().find(|reference| reference.kind.eq_ignore_ascii_case("cover"))?;
    let page = match url::resolve(&package.path, reference.href.as_deref()?) {
        url::Link::Inside(inside) => inside.path,
        _ => return None,
    };
    if package.items.iter().filter(is_image).any(|item| item.path.as_ref() == Some(&page)) {
        return Some(page);
    }
    let content = contents.iter().find(|content| content.path == page)?;
    let image = content.references.iter().find(|reference| reference.kind == Use::Image)?;
    match content.resolve(&image.href) {
        url::Link::Inside(inside) => Some(inside.path),
        _ => None,
    }
}

/// The size that an SVG tells, if it tells one.
struct SvgSize(Option<(u32, u32)>);

/// The size of an SVG by its `viewBox`, else by its width and height; nothing when it is no SVG.
fn svg_size(bytes: &[u8], limits: &Limits) -> Option<SvgSize> {
    let text = Text::decode(bytes, limits).ok()?;
    let tree = Tree::parse(&text, limits).ok()?;
    let root = tree.root();
    if root.tag_name().name() != "svg" {
        return None;
    }
    let numbers: Vec<f64> = root
        .attribute("viewBox")
        .unwrap_or_default()
        .split([' ', ',', '\t', '\n'])
        .filter_map(|number| number.parse().ok())
        .collect();
    let length = |name: &str| root.attribute(name)?.trim().trim_end_matches("px").parse().ok();
    let size = match numbers[..] {
        [_, _, width, height] => Some((width, height)),
        _ => length("width").zip(length("height")),
    };
    Some(SvgSize(size.and_then(|(width, height)| Some((whole(width)?, whole(height)?)))))
}

fn whole(length: f64) -> Option<u32> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is compared first")]
    let pixels = (1.0..=f64::from(u32::MAX)).contains(&length).then(|| length.round() as u32);
    pixels
}
