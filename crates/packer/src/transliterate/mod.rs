//! Writing any script in the letters A to Z.

#[cfg(feature = "engine")]
mod overrides;
#[cfg(feature = "engine")]
mod tables;

#[cfg(feature = "engine")]
pub use tables::Tables;

/// Something that writes any text in ASCII. It stands behind a trait so that its tables stay out of what the
/// interface compiles.
pub trait Transliterator {
    /// The text in printable ASCII. No letter is dropped: what has no Latin form becomes its code point, `U1F3A`.
    ///
    /// `language` is a BCP 47 tag in canonical form: `ä` is `ae` in German and `a` in Finnish.
    fn transliterate(&self, text: &str, language: Option<&str>) -> String;
}
