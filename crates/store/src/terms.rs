//! The words a release is found by. Full-text indexes of the engines differ on accents and on Chinese, so we keep our own.

use any_ascii::any_ascii;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::fold::clip;

/// Characters of one term that count: longer words are found by their beginning.
pub const TERM_CHARACTERS: usize = 64;

/// Terms of one release that count: more come only from a title that is no title.
pub const TERMS_OF_A_RELEASE: usize = 256;

/// Words of one search that count: each costs a look into the index.
pub const WORDS_OF_A_SEARCH: usize = 12;

/// The terms of a text, in its order: lower-case Latin letters and digits, whatever the script. A character of a script
/// that puts no spaces between words is a term of its own.
pub fn terms(text: &str) -> impl Iterator<Item = String> {
    text.unicode_words().flat_map(|word| {
        let latin = any_ascii(word).to_ascii_lowercase();
        let parts = latin.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
        parts.map(|part| clip(part, TERM_CHARACTERS).to_owned()).collect::<Vec<_>>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        terms(text).collect()
    }

    #[test]
    fn every_script_becomes_latin_words() {
        assert_eq!(of("Été à Paris"), ["ete", "a", "paris"]);
        assert_eq!(of("L’été d'hier"), ["l", "ete", "d", "hier"]);
        assert_eq!(of("Война и мир"), ["voyna", "i", "mir"]);
        assert_eq!(of("戰爭"), ["zhan", "zheng"]);
        assert_eq!(of("Some.Name.2024.FRENCH-GRP"), ["some", "name", "2024", "french", "grp"]);
    }

    #[test]
    fn composed_and_decomposed_accents_give_the_same_terms() {
        assert_eq!(of("e\u{301}te\u{301}"), of("été"));
    }

    #[test]
    fn a_text_without_words_has_no_terms_and_a_long_word_is_cut() {
        assert!(of(" .,;!? ").is_empty());
        assert_eq!(of(&"a".repeat(1_000)), ["a".repeat(TERM_CHARACTERS)]);
    }
}
