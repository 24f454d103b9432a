//! Transliteration with the tables of `any_ascii`, and with our own where a language has a custom of its own.

use any_ascii::any_ascii_char;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{
    Transliterator,
    overrides::{carrier, override_for},
};

/// The transliterator of the engine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tables;

impl Transliterator for Tables {
    fn transliterate(&self, text: &str, language: Option<&str>) -> String {
        // The customs are written for composed letters: a and a combining diaeresis must meet them too.
        let letters: Vec<char> = text.nfc().collect();
        let primary = language.map(crate::language::primary);
        let mut latin = String::with_capacity(text.len());
        for (index, &letter) in letters.iter().enumerate() {
            if index > 0 && is_seam(letters[index - 1], letter) {
                latin.push(' ');
            }
            let before = index.checked_sub(1).map(|index| letters[index]);
            if letter.is_ascii() {
                latin.push(letter);
            } else if let Some(repeated) = repetition(letter, before, &latin) {
                latin.push_str(&repeated);
            } else if let Some(custom) = primary.and_then(|primary| override_for(primary, letter)) {
                let next = letters.get(index + 1).copied();
                push_in_case(&mut latin, custom, letter, before, next);
            } else {
                push_letter(&mut latin, letter);
            }
        }
        latin
    }
}

/// Where Chinese and Japanese change the script, without a space between, one word ends and another begins; and a
/// fraction, which becomes several digits, must not run into the number before it.
fn is_seam(before: char, letter: char) -> bool {
    if before.is_numeric() && matches!(letter, '¼'..='¾' | '⅐'..='⅞' | '↉') {
        return true;
    }
    let both = (Script::of(before), Script::of(letter));
    matches!(both, (Some(before), Some(letter)) if before != letter)
}

/// The scripts between which words are not parted by spaces, and everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Han,
    Hiragana,
    Katakana,
    Other,
}

impl Script {
    /// Nothing for what is neither letter nor digit, and for marks.
    fn of(character: char) -> Option<Self> {
        match character {
            '々' | '〇' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => {
                Some(Self::Han)
            }
            '\u{3041}'..='\u{309F}' => Some(Self::Hiragana),
            '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{FF66}'..='\u{FF9F}' => Some(Self::Katakana),
            _ if character.is_alphanumeric() && !is_combining_mark(character) => Some(Self::Other),
            _ => None,
        }
    }
}

/// What a sign says that repeats: `々` the character before it, `ー` the vowel, written like a vowel that is long by
/// its own letter (`コーヒー` is `koohii`), and `ـ`, which draws a word out, nothing.
fn repetition(sign: char, before: Option<char>, latin: &str) -> Option<String> {
    let before = before?;
    match sign {
        '々' if Script::of(before) == Some(Script::Han) => Some(any_ascii_char(before).to_owned()),
        'ー' | 'ｰ' => latin.chars().next_back().filter(|last| "aeiou".contains(*last)).map(String::from),
        'ـ' => Some(String::new()),
        _ => None,
    }
}

fn push_letter(latin: &mut String, letter: char) {
    let found = carrier(letter).unwrap_or_else(|| any_ascii_char(letter));
    // The tables write `?` for letters that nobody has deciphered.
    let is_unknown = found.is_empty() || found == "?";
    if is_unknown && letter.is_alphanumeric() && !is_combining_mark(letter) {
        latin.extend(format!("U{:04X}", u32::from(letter)).chars());
    } else {
        latin.push_str(found);
    }
}

/// Upper case of two letters is `Ae` in a word and `AE` among capitals.
fn push_in_case(latin: &mut String, custom: &str, letter: char, before: Option<char>, next: Option<char>) {
    if !letter.is_uppercase() {
        latin.push_str(custom);
        return;
    }
    let neighbour = next.filter(|next| next.is_alphabetic()).or(before.filter(|before| before.is_alphabetic()));
    if neighbour.is_some_and(char::is_uppercase) {
        latin.push_str(&custom.to_ascii_uppercase());
    } else {
        let mut characters = custom.chars();
        latin.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        latin.push_str(characters.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latin(text: &str, language: &str) -> String {
        Tables.transliterate(text, Some(language))
    }

    #[test]
    fn a_language_has_its_own_customs_in_either_case_and_either_form() {
        assert_eq!(latin("Jürgen, ÜBER Öl und Maße", "de"), "Juergen, UEBER Oel und Masse");
        assert_eq!(latin("u\u{308}ber", "de-AT"), "ueber");
        assert_eq!(latin("Jürgen", "fi"), "Jurgen");
        assert_eq!(latin("Årø", "da"), "Aaroe");
        assert_eq!(latin("Київ", "uk"), "Kyiv");
        assert_eq!(latin("България", "bg"), "Balgariya");
        assert_eq!(latin("България", "ru"), "B'lgariya");
    }

    #[test]
    fn a_change_of_script_in_japanese_and_chinese_parts_words() {
        assert_eq!(latin("IDに漢字などを使用したサンプル", "ja"), "ID ni HanZi nadoo ShiYong shita sanpuru");
        assert_eq!(latin("木村2011年サンプル", "ja"), "MuCun 2011 Nian sanpuru");
        assert_eq!(latin("«戦争» (e\u{301})", "ja"), "<<ZhanZheng>> (e)");
        assert_eq!(latin("Война и мир", "ru"), "Voyna i mir");
    }

    #[test]
    fn a_fraction_stays_apart_from_the_number_before_it() {
        assert_eq!(latin("10½ Chapters", "en"), "10 1/2 Chapters");
        assert_eq!(latin("½ Life", "en"), "1/2 Life");
    }

    #[test]
    fn a_sign_of_repetition_is_what_it_repeats() {
        assert_eq!(latin("ハリー・ポッターとコーヒー", "ja"), latin("ハリイ・ポッタアとコオヒイ", "ja"));
        assert_eq!(latin("佐々木", "ja"), latin("佐佐木", "ja"));
        assert_eq!(latin("كتـــاب", "ar"), latin("كتاب", "ar"));
    }

    #[test]
    fn no_letter_that_living_languages_write_is_a_code_point() {
        for (text, language, written) in [
            ("كتاب الأغاني", "ar", "ktab alaghany"),
            ("آزادی و دانش", "fa", "azady w dansh"),
            ("دیوانِ غالب", "ur", "dywani ghalb"),
            ("އަލިފު", "dv", "aalifu"),
            ("ອາຫານ", "lo", "oahan"),
            ("ฤๅษี", "th", "rueasi"),
            ("ཨ་མ", "bo", "a-m"),
        ] {
            assert_eq!(latin(text, language), written);
        }
    }

    #[test]
    fn a_letter_that_nobody_has_deciphered_is_its_code_point() {
        assert_eq!(Tables.transliterate("\u{17026}a", None), "U17026a");
    }

    #[test]
    fn no_letter_of_any_script_is_dropped() {
        for letter in (0x80..=0x0003_FFFF).filter_map(char::from_u32) {
            let is_letter = letter.is_alphanumeric() && !is_combining_mark(letter);
            let latin = Tables.transliterate(&letter.to_string(), None);
            assert!(latin.is_ascii(), "U+{:04X}", u32::from(letter));
            assert!(!is_letter || !(latin.is_empty() || latin == "?"), "U+{:04X} is dropped", u32::from(letter));
        }
    }
}
