//! Info files: the NFO and the DIZ, from templates, in their own encodings and sizes.

pub mod cp437;
pub mod diz;
mod mistake;
pub mod nfo;
pub mod template;
pub mod variables;
pub mod wrap;

pub use mistake::{TemplateError, TemplateFault};

use crate::{finding::FindingCode, transliterate::Transliterator};

/// The NFO's encoding lacks a character; it was transliterated.
pub const NFO_TRANSLITERATED: FindingCode = FindingCode::new("ESP-501");
/// A line of the NFO was too long and was broken.
pub const NFO_LINE_BROKEN: FindingCode = FindingCode::new("ESP-502");
/// A line of the DIZ was too long and was broken.
pub const DIZ_LINE_BROKEN: FindingCode = FindingCode::new("ESP-503");
/// The DIZ had too many lines and was cut.
pub const DIZ_CUT: FindingCode = FindingCode::new("ESP-504");
/// The NFO does not state what the profile asks for.
pub const NFO_SILENT: FindingCode = FindingCode::new("ESP-505");
/// The DIZ is ASCII; other characters were transliterated.
pub const DIZ_TRANSLITERATED: FindingCode = FindingCode::new("ESP-506");
/// The DIZ has no disk counter.
pub const DIZ_WITHOUT_COUNTER: FindingCode = FindingCode::new("ESP-507");

/// A text in ASCII. A dash between phrases is two hyphens, as on a typewriter: one would join the words beside it.
fn ascii(text: &str, language: Option<&str>, transliterator: &dyn Transliterator) -> String {
    transliterator.transliterate(&text.replace(['\u{2014}', '\u{2015}'], "--"), language)
}
