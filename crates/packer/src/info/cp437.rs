//! Code page 437, the character set of the IBM PC.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::ascii;
use crate::transliterate::Transliterator;

/// The characters of the bytes 0x80 to 0xFF, after the mapping of the Unicode Consortium.
const UPPER: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å', 'É', 'æ', 'Æ', 'ô', 'ö', 'ò', 'û',
    'ù', 'ÿ', 'Ö', 'Ü', '¢', '£', '¥', '₧', 'ƒ', 'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '⌐', '¬', '½', '¼', '¡',
    '«', '»', '░', '▒', '▓', '│', '┤', '╡', '╢', '╖', '╕', '╣', '║', '╗', '╝', '╜', '╛', '┐', '└', '┴', '┬', '├', '─',
    '┼', '╞', '╟', '╚', '╔', '╩', '╦', '╠', '═', '╬', '╧', '╨', '╤', '╥', '╙', '╘', '╒', '╓', '╫', '╪', '┘', '┌', '█',
    '▄', '▌', '▐', '▀', 'α', 'ß', 'Γ', 'π', 'Σ', 'σ', 'µ', 'τ', 'Φ', 'Θ', 'Ω', 'δ', '∞', 'φ', 'ε', '∩', '≡', '±', '≥',
    '≤', '⌠', '⌡', '÷', '≈', '°', '∙', '·', '√', 'ⁿ', '²', '■', '\u{A0}',
];

/// The byte of a character. Control characters but the two of a line's end have none:
/// their glyphs are not text.
pub fn byte_of(character: char) -> Option<u8> {
    match character {
        ' '..='~' | '\r' | '\n' => u8::try_from(character).ok(),
        _ => {
            let index = UPPER.iter().position(|upper| *upper == character)?;
            u8::try_from(index + 0x80).ok()
        }
    }
}

/// The character of a byte; bytes below 0x20 and 0x7F are themselves.
pub fn character_of(byte: u8) -> char {
    match byte {
        0x80.. => UPPER[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// The text in characters that the code page has; what it lacks is transliterated and gathered in `replaced`.
pub fn representable(
    text: &str,
    language: Option<&str>,
    transliterator: &dyn Transliterator,
    replaced: &mut BTreeSet<char>,
) -> String {
    let mut result = String::with_capacity(text.len());
    // What is written in ASCII at the end: it is transliterated as a whole, since a letter's custom and the gap between
    // two scripts depend on what stands beside it.
    let mut pending = String::new();
    for character in text.nfc() {
        let is_lacking = byte_of(character).is_none();
        if is_lacking {
            replaced.insert(character);
        }
        if is_lacking || character.is_ascii() {
            pending.push(character);
        } else {
            result.push_str(&ascii(&std::mem::take(&mut pending), language, transliterator));
            result.push(character);
        }
    }
    result.push_str(&ascii(&pending, language, transliterator));
    result
}

/// The bytes of a text that [`representable`] has gone through; a character that the code page lacks is `?`.
pub fn encoded(text: &str) -> Vec<u8> {
    text.chars().map(|character| byte_of(character).unwrap_or(b'?')).collect()
}

/// The text of an NFO as a viewer shows it, lines ended with a line feed: UTF-8 where the bytes are that, and code page 437
/// else. ASCII is the same in both.
///
/// Two signs of a frame side by side are valid UTF-8 now and then: `─┤` reads as `Ĵ`. Where all are signs for drawing and
/// none stands at a letter, they are read as that: an `Ĵ` stands in a word.
pub fn shown(bytes: &[u8]) -> String {
    let in_code_page = || bytes.iter().copied().map(character_of).collect::<String>();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !is_drawing(bytes) => text.to_owned(),
        _ => in_code_page(),
    };
    text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n")
}

/// True when there are bytes beyond ASCII, every one is a sign of the code page that lines and blocks are drawn with, and
/// none stands beside a letter.
fn is_drawing(bytes: &[u8]) -> bool {
    let mut beyond = bytes.iter().filter(|byte| !byte.is_ascii()).peekable();
    let is_in_word = bytes.windows(2).any(|pair| {
        let [one, other] = pair else { return false };
        one.is_ascii_alphabetic() != other.is_ascii_alphabetic() && one.is_ascii() != other.is_ascii()
    });
    beyond.peek().is_some() && beyond.all(|byte| (0xB0..=0xDF).contains(byte)) && !is_in_word
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transliterate::Tables;

    #[test]
    fn every_printable_byte_has_one_character_and_that_character_the_byte() {
        for byte in (0x20..=0x7E).chain(0x80..=0xFF) {
            assert_eq!(byte_of(character_of(byte)), Some(byte), "{byte:#x}");
        }
    }

    #[test]
    fn places_of_the_code_page_are_those_of_the_standard() {
        for (character, byte) in
            [('Ç', 0x80), ('é', 0x82), ('░', 0xB0), ('║', 0xBA), ('═', 0xCD), ('█', 0xDB), ('ß', 0xE1), ('■', 0xFE)]
        {
            assert_eq!(byte_of(character), Some(byte));
        }
        assert_eq!(byte_of('\u{1b}'), None);
    }

    #[test]
    fn neighbours_that_the_code_page_lacks_are_transliterated_together() {
        let written = |text: &str| representable(text, Some("sr"), &Tables, &mut BTreeSet::new());
        assert_eq!(written("ЉУБАВ, Љубав"), "LJUBAV, Ljubav");
        assert_eq!(written("IDに漢字█"), "ID ni HanZi█");
        assert_eq!(written("of—and"), "of--and");
        assert_eq!(written("1914–1918"), "1914-1918");
    }

    #[test]
    fn what_the_code_page_lacks_is_transliterated_and_named() {
        let mut replaced = BTreeSet::new();
        let text = representable("Čapek, “é” — Мир", None, &Tables, &mut replaced);
        assert_eq!(text, "Capek, \"é\" -- Mir");
        assert!(replaced.contains(&'Č') && replaced.contains(&'М') && !replaced.contains(&'é'));
        assert_eq!(encoded("é\n"), [0x82, 0x0A]);
    }

    #[test]
    fn an_nfo_is_shown_in_the_encoding_that_it_has() {
        assert_eq!(shown(&encoded("│ é ░▒▓ │\r\nend\r\n")), "│ é ░▒▓ │\nend\n");
        for drawn in ["─┤ A ├│\n", "┬┤ TITLE ├░\n", "┌┐\n└┘\n"] {
            assert_eq!(shown(&encoded(drawn)), drawn);
        }
        for written in ["é — 本\n", "España\n", "für Ömür\n"] {
            assert_eq!(shown(written.as_bytes()), written);
        }
        assert_eq!(shown(b""), "");
    }
}
