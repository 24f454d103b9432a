//! What is wrong with a profile, in the reader's language.
//!
//! The packer says it in English, as on the command line, where it is one line among those of `toml`. The English sentences
//! stand in the catalogue as patterns; one that a message fits gives the sentence of the other language, with the same values.
//! What fits none, such as a mistake in the syntax of TOML, stays as it is.

use super::{Texts, fill};
use crate::model::locale::Locale;

/// The message in the language of the page.
pub(super) fn translated(texts: Texts, message: &str) -> String {
    if texts.locale() == Locale::ENGLISH {
        return message.to_owned();
    }
    let found = Texts::of(Locale::ENGLISH).family("profile-message").find_map(|(word, pattern)| {
        let values = values(pattern, message)?;
        let values: Vec<(&str, &dyn std::fmt::Display)> =
            values.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
        Some(fill(texts.word("profile-message", word), &values))
    });
    found.unwrap_or_else(|| message.to_owned())
}

/// The values that a message has in the places `{name}` of a pattern; nothing when it does not fit. A value ends where the
/// text behind its place begins, the last one at the end.
fn values<'a>(pattern: &'a str, message: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut values = Vec::new();
    let (start, mut pattern) = pattern.split_once('{').unwrap_or((pattern, ""));
    let mut rest = message.strip_prefix(start)?;
    while let Some((name, after)) = pattern.split_once('}') {
        let (between, next) = after.split_once('{').unwrap_or((after, ""));
        let (value, behind) = if between.is_empty() { (rest, "") } else { rest.split_once(between)? };
        values.push((name, value));
        rest = behind;
        pattern = next;
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use packer::profile::Profile;

    use super::*;

    fn said(text: &str) -> (String, String) {
        let message = Profile::prove(text, "").unwrap_err().message;
        let message = message.lines().next().unwrap_or_default().to_owned();
        let french = translated(Texts::of(Locale::french()), &message);
        (message, french)
    }

    #[test]
    fn what_the_packer_says_of_a_profile_is_said_in_french() {
        let plain = Profile::built_in_text("plain").unwrap();
        let scene = Profile::built_in_text("scene-ebook").unwrap();
        let with = |from: &str, to: &str| {
            let changed = plain.replacen(from, to, 1);
            assert_ne!(changed, plain, "{from}");
            changed
        };
        let wrong = [
            with("name = \"plain\"", "name = \"Plain!\""),
            with("layout = \"plain\"", "layout = \"scene-ebook\""),
            with("layout = \"plain\"", "layout = \"bagit\""),
            with("layout = \"plain\"", "layout = \"heap\""),
            with("name = \"plain\"", "name = \"plain\"\nunheard = 1"),
            with("name = \"plain\"\n", ""),
            scene.replacen("layout = \"scene-ebook\"", "layout = \"plain\"", 1),
            format!("{plain}\n[[tests]]\nformat = \"pdf\"\nfindings = [\"ESP-999\"]\n"),
            format!("{plain}\n[[tests]]\nformat = \"pdf\"\nname = \"A-GRP\"\n"),
            format!("{plain}\n[[tests]]\nformat = \"pdf\"\n"),
        ];
        for text in wrong {
            let (english, french) = said(&text);
            assert_ne!(english, french);
        }
        let (_, french) = said(&with("name = \"plain\"", "name = \"Plain!\""));
        assert_eq!(french, "le nom d’un profil a de 1 à 40 signes parmi a-z, 0-9 et -, pas `Plain!`");
    }

    #[test]
    fn every_pattern_fits_its_own_sentence_and_no_other_comes_before_it() {
        let english = || Texts::of(Locale::ENGLISH).family("profile-message");
        for (word, pattern) in english() {
            let sentence = pattern.replace(['{', '}'], "");
            let first = english().find(|(_, pattern)| values(pattern, &sentence).is_some());
            assert_eq!(first.map(|(word, _)| word), Some(word), "{sentence}");
        }
    }

    #[test]
    fn values_are_taken_out_and_what_does_not_fit_stays() {
        assert_eq!(values("{a} is not {b}", "1 is not 2"), Some(vec![("a", "1"), ("b", "2")]));
        assert_eq!(values("nothing", "nothing"), Some(Vec::new()));
        assert_eq!(values("nothing", "nothing more"), None);
        assert_eq!(translated(Texts::of(Locale::french()), "invalid string"), "invalid string");
    }
}
