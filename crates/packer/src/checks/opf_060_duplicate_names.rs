//! Two entries have names that are equal after NFC and full case folding (OCF, section 4.2.3).
//!
//! Why: Names that differ only by case or by the spelling of accents are one file on many systems: one overwrites
//! the other.
//!
//! Fix: Rename or remove one of them.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-060", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let mut seen = HashSet::new();
    for entry in publication.container.entries().iter().filter(|entry| entry.is_utf8) {
        // Upper case first: only that way `ß` meets `SS`.
        let folded: String = UnicodeNormalization::nfc(entry.path.to_uppercase().to_lowercase().chars()).collect();
        if !seen.insert(folded) {
            report.add(Place::file(&entry.path), &[("name", &entry.path)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER, Entry},
        checks::proof::fires,
    };

    #[test]
    fn the_same_name_twice_is_told() {
        fires(RULE.code, &Book::epub3().entry(Entry::stored(CHAPTER, "x")), &[(CHAPTER, 0)]);
    }

    #[test]
    fn names_that_differ_by_case_are_told() {
        fires(
            RULE.code,
            &Book::epub3().item("a", "Straße.css", "text/css", "", "").item("b", "STRASSE.css", "text/css", "", ""),
            &[("EPUB/STRASSE.css", 0)],
        );
    }
}
