//! The files of the built site, as the build script found them.

use super::Encoding;

/// One file inside the binary.
#[derive(Debug, Clone, Copy)]
pub struct EmbeddedFile {
    /// Its path in the site, such as `pkg/ebook-scene-packer.css`; variants carry `.br` or `.gz`.
    pub name: &'static str,
    /// The first half of its SHA-256, in hexadecimal.
    pub tag: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// The file `name` in this encoding.
pub(super) fn lookup(name: &str, encoding: Encoding) -> Option<&'static EmbeddedFile> {
    let extension = match encoding {
        Encoding::Brotli => ".br",
        Encoding::Gzip => ".gz",
        Encoding::Identity => "",
    };
    EMBEDDED.iter().find(|file| file.name.strip_suffix(extension) == Some(name))
}
