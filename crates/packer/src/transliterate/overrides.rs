//! Where a language writes its own letters in Latin otherwise than the general tables do.

/// The custom of a language for a letter of either case, written in lower case.
pub(super) fn override_for(primary: &str, letter: char) -> Option<&'static str> {
    let table = match primary {
        "de" | "gsw" | "bar" | "lb" | "nds" => GERMAN,
        "da" | "nb" | "nn" | "no" => DANISH_NORWEGIAN,
        "is" | "fo" => ICELANDIC,
        "uk" => UKRAINIAN,
        "bg" => BULGARIAN,
        "sr" | "mk" => SERBIAN_MACEDONIAN,
        _ => return None,
    };
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    table.iter().find(|(from, _)| *from == lower).map(|(_, to)| *to)
}

/// Letters that carry a vowel, which the general tables write as an apostrophe or leave out: a name cannot show that, and
/// the letter would be lost.
pub(super) fn carrier(letter: char) -> Option<&'static str> {
    CARRIERS.iter().find(|(from, _)| *from == letter).map(|(_, to)| *to)
}

const CARRIERS: &[(char, &str)] = &[
    ('א', "a"),
    ('ע', "a"),
    ('ا', "a"),
    ('أ', "a"),
    ('إ', "i"),
    ('ٱ', "a"),
    ('ع', "a"),
    ('ܐ', "a"),
    ('ܥ', "a"),
    ('އ', "a"),
    ('ޢ', "a"),
    ('ੲ', "i"),
    ('ੳ', "u"),
    ('ๅ', "a"),
    ('ອ', "o"),
    ('འ', "a"),
    ('ཨ', "a"),
    ('ㅇ', "ng"),
    ('အ', "a"),
    ('អ', "a"),
    ('እ', "e"),
    ('ዕ', "e"),
];
const GERMAN: &[(char, &str)] = &[('ä', "ae"), ('ö', "oe"), ('ü', "ue"), ('ß', "ss")];
const DANISH_NORWEGIAN: &[(char, &str)] = &[('æ', "ae"), ('ø', "oe"), ('å', "aa")];
const ICELANDIC: &[(char, &str)] = &[('þ', "th"), ('ð', "d"), ('æ', "ae"), ('ö', "o")];
/// The system of the Ukrainian passport (2010), without its rule for the first letter of a word.
const UKRAINIAN: &[(char, &str)] =
    &[('г', "h"), ('ґ', "g"), ('и', "y"), ('і', "i"), ('ї', "i"), ('є', "ie"), ('й', "i"), ('щ', "shch")];
/// The streamlined system of the Bulgarian law (2009).
const BULGARIAN: &[(char, &str)] =
    &[('щ', "sht"), ('ъ', "a"), ('ь', "y"), ('х', "h"), ('ц', "ts"), ('ю', "yu"), ('я', "ya")];
/// Serbian as in Gaj's alphabet, Macedonian as in passports, both without marks.
const SERBIAN_MACEDONIAN: &[(char, &str)] = &[
    ('ж', "z"),
    ('х', "h"),
    ('ц', "c"),
    ('ч', "c"),
    ('ш', "s"),
    ('љ', "lj"),
    ('њ', "nj"),
    ('џ', "dz"),
    ('ј', "j"),
    ('ђ', "dj"),
    ('ћ', "c"),
];
