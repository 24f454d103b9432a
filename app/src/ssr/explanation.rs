//! What the page of a finding's code says, in the reader's language.

use packer::explanation::{self, Language};

use crate::model::locale::Locale;

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

/// The page of a code, or nothing for one that no rule has.
pub fn page(code: &str, locale: Locale) -> Option<Explanation> {
    let page = explanation::page(code, language(locale))?;
    let named = |text: &str| text.replace('{', "‹").replace('}', "›");
    Some(Explanation { what: named(page.message), why: named(page.why), fix: named(page.fix) })
}

fn language(locale: Locale) -> Language {
    match locale {
        Locale::English => Language::English,
        Locale::French => Language::French,
    }
}
