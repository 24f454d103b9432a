//! Strings that people read: PDFDocEncoding, UTF-16 or UTF-8 (ISO 32000-2, 7.9.2), and dates (7.9.4).

/// The signs of PDFDocEncoding from 0x18 to 0x1f and from 0x80 to 0xa0 (annex D.2); all else is Latin 1.
const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
const HIGH: [char; 33] = [
    '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ',
    'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{9f}', '€',
];

/// A string as text; nothing when nothing is left of it.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        // Not in the standard, and written all the same.
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes.iter().map(|byte| sign(*byte)).collect(),
    };
    let text = text.trim_matches(|character: char| character.is_whitespace() || character == '\0');
    (!text.is_empty()).then(|| text.to_owned())
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    // Between two escapes stands the language of what follows.
    let mut is_language = false;
    char::decode_utf16(units)
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .filter(|character| {
            is_language ^= *character == '\u{1b}';
            !is_language && *character != '\u{1b}'
        })
        .collect()
}

fn sign(byte: u8) -> char {
    match byte {
        0x18..=0x1f => LOW[usize::from(byte - 0x18)],
        0x80..=0xa0 => HIGH[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

/// `D:20140525123000+02'00'` as `2014-05-25`, or as much of it as is there.
pub(super) fn date(bytes: &[u8]) -> Option<String> {
    let text = decode(bytes)?;
    let digits: String = text.trim_start_matches("D:").chars().take_while(char::is_ascii_digit).collect();
    let part = |range: std::ops::Range<usize>, most: u8| {
        digits.get(range).filter(|part| part.parse::<u8>().is_ok_and(|number| (1..=most).contains(&number)))
    };
    let year = digits.get(..4)?;
    Some(match (part(4..6, 12), part(6..8, 31)) {
        (Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        (Some(month), None) => format!("{year}-{month}"),
        _ => year.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_is_read() {
        assert_eq!(decode(b"Caf\xe9 \x8dnoir\x8e"), Some("Café “noir”".into()));
        assert_eq!(decode(b"\xfe\xff\0\x1b\0e\0n\0\x1b\x04\x12\0!"), Some("В!".into()));
        assert_eq!(decode(b"\xff\xfeA\0"), Some("A".into()));
        assert_eq!(decode("\u{feff}Été".as_bytes()), Some("Été".into()));
        assert_eq!(decode(b" \0"), None);
    }

    #[test]
    fn a_date_is_as_exact_as_it_was_written() {
        assert_eq!(date(b"D:20140525123000+02'00'"), Some("2014-05-25".into()));
        assert_eq!(date(b"D:201405"), Some("2014-05".into()));
        assert_eq!(date(b"2014"), Some("2014".into()));
        assert_eq!(date(b"D:20149999"), Some("2014".into()));
        assert_eq!(date(b"yesterday"), None);
    }
}
