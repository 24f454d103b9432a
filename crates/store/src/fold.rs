//! The form of a text in which case does not matter.

use unicode_normalization::UnicodeNormalization as _;

/// The text in lower case and NFC, without white space around it: what columns named `*_folded` hold.
///
/// The databases fold differently from each other, so it is done here. Trailing spaces go because MySQL's binary
/// collation ignores them when it compares, and SQLite's does not.
pub fn fold(text: &str) -> String {
    text.trim().nfc().collect::<String>().to_lowercase().nfc().collect()
}

/// At most so many characters from the start of a text.
pub(crate) fn clip(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_only_by_case_or_by_composition_fold_to_the_same() {
        assert_eq!(fold("  \u{c9}t\u{e9} "), fold("e\u{301}te\u{301}"));
        assert_eq!(fold("ВОЙНА"), "война");
    }

    #[test]
    fn a_text_is_clipped_between_characters() {
        assert_eq!(clip("📚本é", 2), "📚本");
        assert_eq!(clip("📚", 2), "📚");
    }
}
