//! Languages: BCP 47 tags in canonical form, and the word that stands for a language in a release name.

mod table;

use oxilangtag::LanguageTag;

use table::LANGUAGES;

/// One language of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// The code of ISO 639-1, or of 639-2 and 639-3 where there is none of two letters: what BCP 47 asks for.
    pub code: &'static str,
    /// Other codes for the same language, of ISO 639-2 (both its sets) and 639-3.
    pub aliases: &'static [&'static str],
    /// The English word in upper case, as it stands in release names.
    pub word: &'static str,
}

/// A text that is no language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct LanguageError {
    /// What was written.
    pub text: String,
    /// The tag that was probably meant.
    pub suggestion: Option<String>,
}

impl std::fmt::Display for LanguageError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "`{}` is no language tag such as `en` or `pt-BR`", self.text)?;
        match &self.suggestion {
            Some(suggestion) => write!(formatter, "; `{suggestion}` was probably meant"),
            None => Ok(()),
        }
    }
}

/// The tag in canonical form: the shortest code of the language, then script and region in their usual case.
///
/// A well-formed first subtag of more than three letters is refused too: BCP 47 has registered none, and what people
/// write there is the language's name.
pub fn canonical(text: &str) -> Result<String, LanguageError> {
    let text = text.trim();
    tag_of(text).ok_or_else(|| LanguageError { text: text.to_owned(), suggestion: suggestion(text) })
}

fn tag_of(text: &str) -> Option<String> {
    let tag = LanguageTag::parse_and_normalize(text).ok()?;
    let primary = tag.primary_language();
    if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let short = by_code(primary).map_or(primary, |language| language.code);
    Some(format!("{short}{}", &tag.as_str()[primary.len()..]))
}

/// The language of a tag in canonical form, when the table has it.
pub fn of_tag(tag: &str) -> Option<&'static Language> {
    by_code(primary(tag))
}

/// The first subtag of a tag in canonical form.
pub fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// The component of a release name for a tag in canonical form: the table's word, else the code in upper case.
pub fn word(tag: &str) -> String {
    of_tag(tag).map_or_else(|| primary(tag).to_ascii_uppercase(), |language| language.word.to_owned())
}

/// True for tags that say that no language is known or that there is none.
pub fn is_undetermined(tag: &str) -> bool {
    matches!(primary(tag), "und" | "zxx" | "mis")
}

fn by_code(code: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.code == code || language.aliases.contains(&code))
}

/// The tag that a language's English name, or a tag with another separator, was meant to be.
///
/// A code is one only where it stands alone: the first word of `No linguistic content` is not Norwegian.
fn suggestion(text: &str) -> Option<String> {
    if let Some(tag) = tag_of(&text.replace('_', "-")) {
        return Some(tag);
    }
    let first = text.split(|sign: char| !sign.is_alphanumeric()).find(|word| !word.is_empty())?;
    let named = LANGUAGES.iter().find(|language| language.word.eq_ignore_ascii_case(first));
    named.map(|language| language.code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_come_out_in_their_shortest_canonical_form() {
        for (written, canonical_form) in [
            ("eng", "en"),
            ("FR-fr", "fr-FR"),
            ("ger", "de"),
            ("deu-at", "de-AT"),
            (" zh-hant ", "zh-Hant"),
            ("grc", "grc"),
        ] {
            assert_eq!(canonical(written).as_deref(), Ok(canonical_form));
        }
    }

    #[test]
    fn a_name_of_a_language_is_refused_with_the_tag_that_was_meant() {
        for (written, meant) in [
            ("English", Some("en")),
            ("English (US)", Some("en")),
            ("pt_BR", Some("pt-BR")),
            ("zh_tw", Some("zh-TW")),
            ("sr_Latn", Some("sr-Latn")),
            ("No linguistic content", None),
            ("No language", None),
            ("To be determined", None),
            ("???", None),
            ("", None),
        ] {
            assert_eq!(canonical(written).unwrap_err().suggestion.as_deref(), meant, "{written}");
        }
    }

    #[test]
    fn codes_stand_once_and_words_are_upper_case_letters() {
        let mut seen = std::collections::BTreeSet::new();
        for language in LANGUAGES {
            for code in std::iter::once(&language.code).chain(language.aliases) {
                assert!(seen.insert(*code), "{code} stands twice");
                assert!(code.bytes().all(|byte| byte.is_ascii_lowercase()), "{code}");
            }
            assert!(language.word.bytes().all(|byte| byte.is_ascii_uppercase()), "{}", language.word);
        }
        assert_eq!(LANGUAGES.iter().filter(|language| language.code.len() == 2).count(), 183);
    }

    #[test]
    fn a_language_without_a_word_is_its_code() {
        assert_eq!(word("fr-CA"), "FRENCH");
        assert_eq!(word("tlh"), "TLH");
    }
}
