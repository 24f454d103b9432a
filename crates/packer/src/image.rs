//! The first bytes of an image, which tell what it really is.

/// What the first bytes of an image tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageHead {
    /// The media type by its magic bytes; nothing when they are none that is known.
    pub media_type: Option<&'static str>,
    /// True when there are fewer bytes than any image needs.
    pub is_short: bool,
}

/// Looks at the first bytes.
pub fn head(bytes: &[u8]) -> ImageHead {
    ImageHead { media_type: media_type(bytes), is_short: bytes.len() < 8 }
}

/// The media type of an image by its magic bytes.
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// Width and height in pixels.
pub fn pixels(bytes: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(bytes).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}
