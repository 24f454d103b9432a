//! Languages as Windows numbers them, of which a MOBI header has one.

/// Primary languages (the lower ten bits of a Windows language identifier, [MS-LCID]) and their BCP 47 tags.
const LANGUAGES: [(u32, &str); 52] = [
    (0x01, "ar"),
    (0x02, "bg"),
    (0x03, "ca"),
    (0x04, "zh"),
    (0x05, "cs"),
    (0x06, "da"),
    (0x07, "de"),
    (0x08, "el"),
    (0x09, "en"),
    (0x0a, "es"),
    (0x0b, "fi"),
    (0x0c, "fr"),
    (0x0d, "he"),
    (0x0e, "hu"),
    (0x0f, "is"),
    (0x10, "it"),
    (0x11, "ja"),
    (0x12, "ko"),
    (0x13, "nl"),
    (0x14, "no"),
    (0x15, "pl"),
    (0x16, "pt"),
    (0x17, "rm"),
    (0x18, "ro"),
    (0x19, "ru"),
    (0x1b, "sk"),
    (0x1c, "sq"),
    (0x1d, "sv"),
    (0x1e, "th"),
    (0x1f, "tr"),
    (0x20, "ur"),
    (0x21, "id"),
    (0x22, "uk"),
    (0x23, "be"),
    (0x24, "sl"),
    (0x25, "et"),
    (0x26, "lv"),
    (0x27, "lt"),
    (0x29, "fa"),
    (0x2a, "vi"),
    (0x2b, "hy"),
    (0x2d, "eu"),
    (0x2f, "mk"),
    (0x36, "af"),
    (0x37, "ka"),
    (0x39, "hi"),
    (0x3c, "ga"),
    (0x41, "sw"),
    (0x45, "bn"),
    (0x49, "ta"),
    (0x52, "cy"),
    (0x56, "gl"),
];

/// Identifiers whose country changes the tag.
const COUNTRIES: [(u32, &str); 9] = [
    (0x0404, "zh-TW"),
    (0x0409, "en-US"),
    (0x0416, "pt-BR"),
    (0x0804, "zh-CN"),
    (0x0809, "en-GB"),
    (0x0814, "nn"),
    (0x0816, "pt-PT"),
    (0x0c0c, "fr-CA"),
    (0x080a, "es-MX"),
];

/// The tag of an identifier; nothing for 0 and for what is not known.
pub(super) fn tag(locale: u32) -> Option<&'static str> {
    // The first of a kind is the language at home: `en-US` says no more of a book than `en`.
    let with_country = COUNTRIES.iter().find(|(known, _)| *known == locale).map(|(_, tag)| *tag);
    let language = LANGUAGES.iter().find(|(known, _)| *known == locale & 0x3ff).map(|(_, tag)| *tag);
    with_country.or(language)
}

#[cfg(test)]
mod tests {
    use super::tag;

    #[test]
    fn a_number_is_a_language_with_its_country_where_that_matters() {
        assert_eq!(tag(0x0809), Some("en-GB"));
        assert_eq!(tag(9), Some("en"));
        assert_eq!(tag(0x040c), Some("fr"));
        assert_eq!(tag(0x0c0c), Some("fr-CA"));
        assert_eq!(tag(0), None);
        assert_eq!(tag(0xffff_ffff), None);
    }
}
