//! What mends a finding in the release's own metadata. The book is never changed.

use crate::{
    finding::{Finding, FindingCode},
    metadata::{Field, Overrides},
    overrides,
    resolve::{LANGUAGE_BY_NAME, NAME_INVERTED, Resolution, TITLE_IN_CAPITALS},
};

/// The codes that can be mended, as a profile may name them.
pub const CODES: [FindingCode; 3] = [LANGUAGE_BY_NAME, NAME_INVERTED, TITLE_IN_CAPITALS];

/// A field and the values that mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The field.
    pub field: Field,
    /// Its values, all of them.
    pub values: Vec<String>,
}

/// The name of what a finding says when its field was mended.
pub(crate) const MENDED: &str = "mended";

/// What mends a finding; nothing where only a person can, or where it is mended.
pub fn of_finding(finding: &Finding) -> Option<Fix> {
    let value = |name| finding.data.get(name).cloned();
    if finding.data.contains_key(MENDED) {
        return None;
    }
    if finding.code == LANGUAGE_BY_NAME {
        return Some(Fix { field: Field::Language, values: vec![value("meant")?] });
    }
    if finding.code == TITLE_IN_CAPITALS {
        return Some(Fix { field: Field::Title, values: vec![value("meant")?] });
    }
    if finding.code == NAME_INVERTED {
        // A name holds no line break: the resolver takes those out.
        let authors = value("authors")?.lines().map(ToOwned::to_owned).collect();
        return Some(Fix { field: Field::Authors, values: authors });
    }
    None
}

/// Sets what mends those of the findings that have one of the codes, in those of the fields that nobody has set. Gives the
/// fields that were set.
pub(crate) fn apply(codes: &[FindingCode], fields: &[Field], found: &Resolution, set: &mut Overrides) -> Vec<Field> {
    let mut mended = Vec::new();
    for finding in found.findings.iter().filter(|finding| codes.contains(&finding.code)) {
        let Some(Fix { field, values }) = of_finding(finding) else { continue };
        // Another of the book's languages was right: it is the book's own word.
        let has_one = field == Field::Language && found.fields.language.is_some();
        // A value that the field cannot hold mends nothing: the finding stays.
        let is_free = fields.contains(&field) && !has_one && overrides::get(set, field).is_empty();
        if is_free && overrides::put(set, field, &values).is_ok() {
            mended.push(field);
        }
    }
    mended
}

/// `Melville, Herman` as `Herman Melville`; nothing where the comma may mean something else: two people, a house and its
/// place, a degree, an order.
///
/// It is sure where the book sorts the name just as it writes it. Else what stands before the comma must be one word, with
/// the particles of a family name, and what stands behind it given names.
pub(crate) fn upright(name: &str, file_as: Option<&str>, language: Option<&str>) -> Option<String> {
    /// Languages that write the family name first, without a comma between: there a comma says nothing.
    const FAMILY_FIRST: [&str; 5] = ["hu", "ja", "ko", "vi", "zh"];
    /// What stands behind a comma and is no given name.
    const TITLES: [&str; 12] = ["jr", "sr", "ii", "iii", "iv", "md", "phd", "esq", "ltd", "inc", "llc", "co"];
    /// More given names than a person has.
    const MOST_GIVEN: usize = 4;
    let (family, given) = name.split_once(", ").map(|(family, given)| (family.trim(), given.trim()))?;
    let is_family_first = language.is_some_and(|tag| FAMILY_FIRST.contains(&crate::language::primary(tag)));
    if is_family_first || !is_name(family) || !is_name(given) {
        return None;
    }
    let word: String = given.chars().filter(|sign| sign.is_alphabetic()).collect::<String>().to_lowercase();
    let is_sorted_so = file_as.is_some_and(|sorted| sorted.trim() == name.trim());
    let is_one_family = family.split(' ').filter(|word| !is_particle(word)).count() == 1;
    let in_capitals = |text: &str| text.chars().filter(|sign| sign.is_alphabetic()).all(char::is_uppercase);
    let are_given = given.split(' ').count() <= MOST_GIVEN
        && given.split(' ').all(|word| {
            let is_short = word.contains('.') || word.chars().count() == 1;
            let begins_small = word.chars().next().is_some_and(char::is_lowercase);
            (!begins_small || is_particle(word)) && (is_short || !in_capitals(word) || in_capitals(family))
        });
    (!TITLES.contains(&word.as_str()) && (is_sorted_so || (is_one_family && are_given)))
        .then(|| format!("{given} {family}"))
}

/// True for letters with what stands between them in names, of scripts that write a name in two words.
fn is_name(part: &str) -> bool {
    let is_mark = |sign| ('\u{300}'..='\u{36F}').contains(&sign);
    // From the signs of Kana and Hangul on, and those of Han among them.
    let is_east_asian =
        |sign| matches!(sign, '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}');
    part.chars().any(char::is_alphabetic)
        && part.chars().all(|sign| {
            let is_known = sign.is_alphabetic() || is_mark(sign) || matches!(sign, ' ' | '.' | '-' | '\'' | '’');
            is_known && !is_east_asian(sign)
        })
}

fn is_particle(word: &str) -> bool {
    const PARTICLES: [&str; 28] = [
        "af", "al", "av", "ben", "bin", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos",
        "du", "el", "ibn", "la", "le", "mc", "st.", "ten", "ter", "van", "von", "zu",
    ];
    PARTICLES.contains(&word.to_lowercase().as_str())
}

/// An English title that is written in capitals throughout, as one writes titles; nothing for any other. Which words of
/// another language keep their capitals only somebody who reads it can tell.
pub(crate) fn in_small_letters(title: &str, language: Option<&str>) -> Option<String> {
    /// Shorter titles are names and abbreviations as they are: `NASA`, `1984`, `IT`.
    const LEAST_LETTERS: usize = 8;
    let letters = title.chars().filter(|letter| letter.is_alphabetic());
    let is_capital = letters.clone().count() >= LEAST_LETTERS && letters.clone().all(char::is_uppercase);
    let is_english = language.is_some_and(|tag| crate::language::primary(tag) == "en");
    if !is_capital || !is_english || !title.contains(' ') {
        return None;
    }
    let count = title.split(' ').count();
    let mut begins = true;
    let words = title.split(' ').enumerate().map(|(index, word)| {
        let is_at_an_end = begins || index + 1 == count;
        begins = word.ends_with([':', '.', '!', '?', '—', '–']);
        let parts = word.split('-').enumerate().map(|(part, text)| in_title(text, is_at_an_end && part == 0));
        parts.collect::<Vec<_>>().join("-")
    });
    Some(words.collect::<Vec<_>>().join(" "))
}

/// One word of an English title in capitals, as it is written elsewhere. At an end of the title, small words are not small.
fn in_title(word: &str, is_at_an_end: bool) -> String {
    const SMALL: [&str; 17] =
        ["a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "nor", "of", "on", "or", "the", "to", "with"];
    /// Without a vowel, and yet no abbreviation.
    const SHORT: [&str; 6] = ["dr", "jr", "mr", "mrs", "sr", "st"];
    const ABBREVIATIONS: [&str; 16] = [
        "ai", "aids", "api", "cia", "dna", "eu", "fbi", "hiv", "nasa", "nato", "rna", "ufo", "uk", "un", "usa", "ussr",
    ];
    let lower = word.to_lowercase();
    let bare = lower.trim_matches(|sign: char| !sign.is_alphanumeric());
    let is_numeral = !bare.is_empty() && bare.chars().all(|sign| matches!(sign, 'i' | 'v' | 'x'));
    let has_no_vowel = bare.len() > 1 && !bare.chars().any(|sign| "aeiouy".contains(sign)) && bare.is_ascii();
    let is_abbreviation = ABBREVIATIONS.contains(&bare) || (has_no_vowel && !SHORT.contains(&bare));
    if is_numeral || is_abbreviation || bare.chars().any(char::is_numeric) {
        return word.to_owned();
    }
    if SMALL.contains(&bare) && !is_at_an_end { lower } else { capitalised(&lower) }
}

fn capitalised(word: &str) -> String {
    match word.char_indices().find(|(_, letter)| letter.is_alphabetic()) {
        Some((start, first)) => {
            let rest = &word[start + first.len_utf8()..];
            format!("{}{}{rest}", &word[..start], first.to_uppercase())
        }
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_turned_only_where_its_comma_says_so() {
        for (written, meant) in [
            ("Melville, Herman", Some("Herman Melville")),
            ("Saint-Exupéry, Antoine de", Some("Antoine de Saint-Exupéry")),
            ("Saint-Exupe\u{301}ry, Antoine de", Some("Antoine de Saint-Exupe\u{301}ry")),
            ("O’Brien, Flann", Some("Flann O’Brien")),
            ("Wells, H. G.", Some("H. G. Wells")),
            ("Le Guin, Ursula K.", Some("Ursula K. Le Guin")),
            ("van der Heijden, A. F. Th.", Some("A. F. Th. van der Heijden")),
            ("DOE, JOHN", Some("JOHN DOE")),
            ("Herman Melville", None),
            ("King, Jr.", None),
            ("Smith, Elder & Co.", None),
            ("Marx, Karl, 1818-1883", None),
            ("Penguin Books, Ltd.", None),
            (", Herman", None),
            ("Karl Marx, Friedrich Engels", None),
            ("John Smith, Jane Doe", None),
            ("Ministry of Health, Kenya", None),
            ("Thomas Merton, OCSO", None),
            ("Merton, OCSO", None),
            ("Ann Lee, MBA", None),
            ("Homer, translated by Samuel Butler", None),
            ("村上, 春樹", None),
            ("García Márquez, Gabriel", None),
        ] {
            assert_eq!(upright(written, None, None).as_deref(), meant, "{written}");
        }
        assert_eq!(upright("Kertész, Imre", None, Some("hu")), None);
        // The book itself says that it is the form for sorting.
        let sorted = "García Márquez, Gabriel";
        assert_eq!(upright(sorted, Some(sorted), None).as_deref(), Some("Gabriel García Márquez"));
        assert_eq!(upright("John Smith, Jane Doe", Some("Smith, John"), None), None);
    }

    #[test]
    fn capitals_throughout_are_written_as_english_titles_are_and_left_in_other_languages() {
        for (written, language, meant) in [
            ("THE TALE OF TWO CITIES", Some("en"), Some("The Tale of Two Cities")),
            ("MOBY-DICK: OR THE WHALE", Some("en-US"), Some("Moby-Dick: Or the Whale")),
            ("THE HISTORY OF WORLD WAR II", Some("en"), Some("The History of World War II")),
            ("HENRY IV PART II", Some("en"), Some("Henry IV Part II")),
            ("THE BBC AND THE USA", Some("en"), Some("The BBC and the USA")),
            ("LEARNING HTML5 AND CSS3", Some("en"), Some("Learning HTML5 and CSS3")),
            ("WHEN I WAS YOUNG", Some("en"), Some("When I Was Young")),
            ("MR. DARCY’S \"DREAM\" COMES OUT-OF-DATE", Some("en"), Some("Mr. Darcy’s \"Dream\" Comes Out-of-Date")),
            ("WHAT DREAMS ARE FOR", Some("en"), Some("What Dreams Are For")),
            ("LES FLEURS DU MAL", Some("fr"), None),
            ("DER TOD IN VENEDIG", Some("de"), None),
            ("İSTANBUL HATIRASI", Some("tr"), None),
            ("ВОЙНА И МИР", Some("ru"), None),
            ("WHEN I WAS YOUNG", None, None),
            ("Moby-Dick", Some("en"), None),
            ("NASA", Some("en"), None),
        ] {
            assert_eq!(in_small_letters(written, language).as_deref(), meant, "{written}");
        }
    }
}
