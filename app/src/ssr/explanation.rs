//! What the page of a finding's code says, in the reader's language.

use packer::explanation;

use crate::texts::Texts;

/// What the page of a code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What is wrong; the places of values are named in angle quotes.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// How it is put right.
    pub fix: String,
}

/// A code and what it says, for the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The code.
    pub code: &'static str,
    /// What is wrong; the places of values are named in angle quotes.
    pub what: String,
}

/// Every code that a search finds, by family: the letters before its first hyphen. A search finds what has each of its words in
/// the code or in what the page says; without words it finds all.
pub fn index(search: &str, texts: Texts) -> Vec<(String, Vec<Entry>)> {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let mut families: Vec<(String, Vec<Entry>)> = Vec::new();
    for code in explanation::codes(texts.language_of_findings()) {
        let Some(page) = page(code, texts) else { continue };
        let text = format!("{code} {} {} {}", page.what, page.why, page.fix).to_lowercase();
        if !words.iter().all(|word| text.contains(word.as_str())) {
            continue;
        }
        let family = code.split('-').next().unwrap_or(code);
        let entry = Entry { code, what: page.what };
        // The codes are sorted: a family stands together.
        match families.last_mut().filter(|(last, _)| last == family) {
            Some((_, entries)) => entries.push(entry),
            None => families.push((family.to_owned(), vec![entry])),
        }
    }
    families
}

/// The page of a code, or nothing for one that no rule has.
pub fn page(code: &str, texts: Texts) -> Option<Explanation> {
    let page = explanation::page(code, texts.language_of_findings())?;
    let named = |text: &str| text.replace('{', "‹").replace('}', "›");
    Some(Explanation { what: named(page.message), why: named(page.why), fix: named(page.fix) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::locale::Locale;

    #[test]
    fn every_code_stands_once_in_a_family_that_has_a_title() {
        for texts in Locale::all().map(Texts::of) {
            let all = index("", texts);
            let count: usize = all.iter().map(|(_, entries)| entries.len()).sum();
            assert_eq!(count, explanation::codes(texts.language_of_findings()).count());
            let other = texts.word("finding-family", "other");
            for (family, _) in all {
                assert_ne!(texts.word("finding-family", &family.to_ascii_lowercase()), other, "{family}");
            }
        }
    }

    #[test]
    fn a_search_finds_what_has_all_its_words_in_any_case() {
        let found = index("opf-014", Texts::of(Locale::ENGLISH));
        assert_eq!(found[0].1.iter().map(|entry| entry.code).collect::<Vec<_>>(), ["OPF-014"]);
        assert!(index("opf-014 nothing-has-this-word", Texts::of(Locale::ENGLISH)).is_empty());
    }
}
