//! The texts of the findings that a release can have, in both languages.

use std::collections::{BTreeMap, BTreeSet};

use packer::{finding::FindingCode, info, name::compose, prepare, resolve, rights};

type Texts = BTreeMap<String, BTreeMap<String, String>>;

const PAIRS: [(&str, &str, &str); 4] = [
    ("metadata", include_str!("../../texts/en/metadata.toml"), include_str!("../../texts/fr/metadata.toml")),
    ("name", include_str!("../../texts/en/name.toml"), include_str!("../../texts/fr/name.toml")),
    ("info", include_str!("../../texts/en/info.toml"), include_str!("../../texts/fr/info.toml")),
    ("rights", include_str!("../../texts/en/rights.toml"), include_str!("../../texts/fr/rights.toml")),
];

const CODES: [FindingCode; 30] = [
    resolve::NO_TITLE,
    resolve::PUBLISHER_FOR_AUTHOR,
    resolve::ANONYMOUS,
    resolve::YEAR_OF_CHANGE,
    resolve::YEAR_OF_RELEASE,
    resolve::YEAR_OF_SCAN,
    resolve::NO_LANGUAGE,
    resolve::WRONG_LANGUAGE,
    resolve::LANGUAGE_BY_NAME,
    resolve::CUT,
    resolve::NAME_INVERTED,
    resolve::TITLE_IN_CAPITALS,
    prepare::FIELD_MISSING,
    compose::TITLE_SHORTENED,
    compose::TRANSLITERATED,
    compose::TITLE_WITHOUT_LETTERS,
    compose::PART_SHORTENED,
    prepare::CORRECTS_NOTHING,
    compose::LANGUAGE_WITHOUT_WORD,
    info::NFO_TRANSLITERATED,
    info::NFO_LINE_BROKEN,
    info::DIZ_LINE_BROKEN,
    info::DIZ_CUT,
    info::NFO_SILENT,
    info::DIZ_TRANSLITERATED,
    info::DIZ_WITHOUT_COUNTER,
    rights::NO_BASIS,
    rights::BOOK_SAYS_OTHERWISE,
    rights::NO_NOTE,
    rights::UNKNOWN_LICENCE,
];

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn both_languages_say_the_same_of_the_same_codes_with_the_same_values() {
    for (file, english, french) in PAIRS {
        let (english, french): (Texts, Texts) = (toml::from_str(english).unwrap(), toml::from_str(french).unwrap());
        assert!(english.keys().eq(french.keys()), "{file}");
        for (code, texts) in &english {
            assert!(texts.keys().eq(["fix", "message", "why"]), "{code}");
            for (part, text) in texts {
                let other = &french[code][part];
                assert_ne!(text, other, "{code} {part} is not translated");
                assert_eq!(placeholders(text), placeholders(other), "{code} {part}");
            }
        }
    }
}

#[test]
fn every_code_has_a_text_and_every_text_a_code() {
    let written: BTreeSet<String> =
        PAIRS.iter().flat_map(|(_, english, _)| toml::from_str::<Texts>(english).unwrap().into_keys()).collect();
    let known: BTreeSet<String> = CODES.iter().map(ToString::to_string).collect();
    assert_eq!(written, known);
}
