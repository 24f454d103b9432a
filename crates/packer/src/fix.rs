//! What mends a finding in the release's own metadata. The book is never changed.

use crate::{
    finding::{Finding, FindingCode},
    metadata::{Field, Overrides},
    overrides,
    resolve::{LANGUAGE_BY_NAME, NAME_INVERTED, TITLE_IN_CAPITALS},
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

/// What mends a finding; nothing where only a person can.
pub fn of_finding(finding: &Finding) -> Option<Fix> {
    let value = |name| finding.data.get(name).cloned();
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

/// Sets what mends those of the findings that have one of the codes, in fields that nobody has set. Gives the fields.
pub(crate) fn apply(codes: &[FindingCode], findings: &[Finding], set: &mut Overrides) -> Vec<Field> {
    let mut mended = Vec::new();
    for finding in findings.iter().filter(|finding| codes.contains(&finding.code)) {
        let Some(Fix { field, values }) = of_finding(finding) else { continue };
        // A value that the field cannot hold mends nothing: the finding stays.
        if overrides::get(set, field).is_empty() && overrides::put(set, field, &values).is_ok() {
            mended.push(field);
        }
    }
    mended
}

/// `Melville, Herman` as `Herman Melville`; nothing where a comma may mean something else.
pub(crate) fn upright(name: &str) -> Option<String> {
    /// What stands behind a comma and is no given name.
    const TITLES: [&str; 12] = ["jr", "sr", "ii", "iii", "iv", "md", "phd", "esq", "ltd", "inc", "llc", "co"];
    let (family, given) = name.split_once(", ")?;
    let is_name = |part: &str| {
        !part.trim().is_empty()
            && part.chars().all(|sign| sign.is_alphabetic() || matches!(sign, ' ' | '.' | '-' | '\'' | '’'))
            && part.chars().any(char::is_alphabetic)
    };
    let word: String = given.chars().filter(|sign| sign.is_alphabetic()).collect::<String>().to_lowercase();
    // A name of many words before a comma is that of a house or of several people.
    let is_short = family.split(' ').count() <= 3 && given.split(' ').count() <= 4;
    (is_name(family) && is_name(given) && is_short && !TITLES.contains(&word.as_str()))
        .then(|| format!("{} {}", given.trim(), family.trim()))
}

/// A title that is written in capitals throughout, as one writes titles in its language; nothing for any other.
///
/// English writes its words with capitals but the small ones; elsewhere only the first word is sure to have one.
pub(crate) fn in_small_letters(title: &str, language: Option<&str>) -> Option<String> {
    /// Shorter titles are names and abbreviations as they are: `NASA`, `1984`, `IT`.
    const LEAST_LETTERS: usize = 8;
    const SMALL: [&str; 17] =
        ["a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "nor", "of", "on", "or", "the", "to", "with"];
    let letters = title.chars().filter(|letter| letter.is_alphabetic());
    let is_capital = letters.clone().count() >= LEAST_LETTERS && letters.clone().all(char::is_uppercase);
    if !is_capital || !title.contains(' ') {
        return None;
    }
    let is_english = language.is_some_and(|tag| crate::language::primary(tag) == "en");
    let mut begins = true;
    let words = title.split(' ').map(|word| {
        let lower = word.to_lowercase();
        let keeps = !begins && (!is_english || SMALL.contains(&lower.as_str()));
        begins = word.ends_with([':', '.', '!', '?', '—', '–']);
        if keeps { lower } else { capitalised(&lower) }
    });
    Some(words.collect::<Vec<_>>().join(" "))
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
            ("O’Brien, Flann", Some("Flann O’Brien")),
            ("Herman Melville", None),
            ("King, Jr.", None),
            ("Smith, Elder & Co.", None),
            ("Marx, Karl, 1818-1883", None),
            ("Penguin Books, Ltd.", None),
            (", Herman", None),
        ] {
            assert_eq!(upright(written).as_deref(), meant, "{written}");
        }
    }

    #[test]
    fn capitals_throughout_are_written_as_the_language_does() {
        for (written, language, meant) in [
            ("THE TALE OF TWO CITIES", Some("en"), Some("The Tale of Two Cities")),
            ("MOBY-DICK: OR THE WHALE", Some("en-US"), Some("Moby-dick: Or the Whale")),
            ("LES FLEURS DU MAL", Some("fr"), Some("Les fleurs du mal")),
            ("ВОЙНА И МИР", Some("ru"), Some("Война и мир")),
            ("Moby-Dick", Some("en"), None),
            ("NASA", Some("en"), None),
            ("吾輩は猫である 夏目漱石", Some("ja"), None),
        ] {
            assert_eq!(in_small_letters(written, language).as_deref(), meant, "{written}");
        }
    }
}
