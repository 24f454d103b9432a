//! The words of findings: what is wrong, why it matters and how it is put right, for every code and in every language.
//!
//! Findings carry codes and values; words are chosen here, where they are shown.

use crate::finding::Finding;

/// A language that findings are told in: each is a folder of `texts`, under its BCP 47 tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Language {
    /// Counted from 0 in [`LANGUAGES`].
    place: usize,
}

impl Language {
    /// English, in which the command line writes its JSON.
    pub const ENGLISH: Self = Self { place: 0 };

    /// Every language; only English without the feature `languages`.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..LANGUAGES.len()).map(|place| Self { place })
    }

    /// The language of a BCP 47 tag; nothing for one without a folder.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::all().find(|language| language.tag() == tag)
    }

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        LANGUAGES[self.place].0
    }

    fn pages(self) -> &'static [(&'static str, Page)] {
        LANGUAGES[self.place].1
    }
}

/// Everything that is told of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// What is wrong, with the values of a finding in braces.
    pub message: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How it is put right.
    pub fix: &'static str,
    /// The sentences of a code that tells several faults, by the finding's value `problem`, sorted.
    pub problems: &'static [(&'static str, &'static str)],
}

impl Page {
    /// The sentence of one fault of a code that tells several.
    pub fn problem(&self, problem: &str) -> Option<&'static str> {
        found(self.problems, problem).copied()
    }
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// The page of a code, or nothing for a code that nobody knows.
pub fn page(code: &str, language: Language) -> Option<&'static Page> {
    found(language.pages(), code)
}

/// Every code that has a page, sorted.
pub fn codes(language: Language) -> impl Iterator<Item = &'static str> {
    language.pages().iter().map(|(code, _)| *code)
}

fn found<T>(sorted: &'static [(&'static str, T)], name: &str) -> Option<&'static T> {
    sorted.binary_search_by_key(&name, |(known, _)| known).ok().map(|index| &sorted[index].1)
}

/// What a finding says.
pub fn message(finding: &Finding, language: Language) -> String {
    let Some(page) = page(finding.code.as_str(), language) else { return finding.code.to_string() };
    match finding.data.get("problem").and_then(|problem| page.problem(problem)) {
        Some(problem) => filled(&page.message.replace("{problem}", problem), finding),
        None => filled(page.message, finding),
    }
}

/// How what a finding says is put right.
pub fn hint(finding: &Finding, language: Language) -> Option<String> {
    page(finding.code.as_str(), language).map(|page| filled(page.fix, finding))
}

/// One pass, so that braces inside a value stay what they are.
fn filled(template: &str, finding: &Finding) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find('}');
        if let Some((end, value)) = end.and_then(|end| Some((end, finding.data.get(&rest[1..end])?))) {
            out.push_str(value);
            rest = &rest[end + 1..];
        } else {
            out.push('{');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        cbz,
        checks::{CONTAINER_RULES, COULD_NOT_RUN, MORE, RULES, start},
        finding::{FindingCode, Severity},
        info, mobi,
        name::compose,
        pdf, prepare, resolve, rights,
    };

    fn emitted() -> BTreeSet<String> {
        let rules = RULES.iter().map(|rule| rule.code).chain(CONTAINER_RULES.iter().map(|rule| rule.code));
        let rules = rules.chain(cbz::CODES).chain(mobi::CODES).chain(pdf::CODES);
        let rules = rules.map(str::to_owned);
        let start =
            [start::SHORT, start::HEADER, start::EXTRA, start::FIRST, start::CONTENT, start::UNREADABLE, start::LIMIT];
        let run = [COULD_NOT_RUN, MORE];
        let of_book = start.into_iter().chain(run).map(|code| code.to_string());
        rules.chain(of_book).chain(of_release().map(|code| code.to_string())).collect()
    }

    /// What preparing a release finds, whatever the book.
    fn of_release() -> impl Iterator<Item = FindingCode> {
        let name = [
            compose::TITLE_SHORTENED,
            compose::TRANSLITERATED,
            compose::TITLE_WITHOUT_LETTERS,
            compose::PART_SHORTENED,
            compose::LANGUAGE_WITHOUT_WORD,
        ];
        let fields = [
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
            prepare::CORRECTS_NOTHING,
        ];
        let rights = [rights::NO_BASIS, rights::BOOK_SAYS_OTHERWISE, rights::NO_NOTE, rights::UNKNOWN_LICENCE];
        let info_files = [
            info::NFO_TRANSLITERATED,
            info::NFO_LINE_BROKEN,
            info::DIZ_LINE_BROKEN,
            info::DIZ_CUT,
            info::NFO_SILENT,
            info::DIZ_TRANSLITERATED,
            info::DIZ_WITHOUT_COUNTER,
        ];
        name.into_iter().chain(fields).chain(rights).chain(info_files)
    }

    fn placeholders(text: &str) -> BTreeSet<String> {
        let parts = text.split('{').skip(1);
        parts.filter_map(|part| part.split_once('}').map(|(name, _)| name.to_owned())).collect()
    }

    #[test]
    fn every_code_has_a_text_in_every_language_and_every_text_a_code() {
        for language in Language::all() {
            let told: BTreeSet<String> = codes(language).map(str::to_owned).collect();
            assert_eq!(told, emitted(), "{}", language.tag());
        }
    }

    #[test]
    fn a_french_mark_never_begins_a_line() {
        // U+202F before ; ? and !, U+00A0 before : and inside « ».
        let french = Language::of_tag("fr").unwrap();
        for code in codes(french) {
            let page = page(code, french).unwrap();
            let problems = page.problems.iter().map(|(_, text)| *text);
            for text in [page.message, page.why, page.fix].into_iter().chain(problems) {
                for plain in [" ;", " ?", " !", " :", "« ", " »"] {
                    assert!(!text.contains(plain), "{code} has a plain space in {plain:?}");
                }
            }
        }
    }

    #[test]
    fn every_language_names_the_same_values_and_the_same_problems() {
        for (code, language) in codes(Language::ENGLISH).flat_map(|code| Language::all().map(move |one| (code, one))) {
            let (english, other) = (page(code, Language::ENGLISH).unwrap(), page(code, language).unwrap());
            let tag = language.tag();
            assert_eq!(placeholders(english.message), placeholders(other.message), "{code} {tag}");
            let problems = |page: &Page| -> Vec<_> {
                page.problems.iter().map(|(name, text)| (*name, placeholders(text))).collect()
            };
            assert_eq!(problems(english), problems(other), "{code} {tag}");
        }
    }

    #[test]
    fn values_stand_where_the_text_names_them_and_are_never_read_as_text() {
        let finding = Finding::new(FindingCode::new("OPF-040"), Severity::Error).with("id", "{id}");
        assert_eq!(message(&finding, Language::ENGLISH), "The fallback “{id}” is not in the manifest.");
        let empty = Finding::new(FindingCode::new("RSC-005"), Severity::Error)
            .with("problem", "element-empty")
            .with("element", "dc:title");
        assert_eq!(message(&empty, Language::of_tag("fr").unwrap()), "`dc:title` est vide.");
    }
}
