//! `prefix` of the package is not a list of prefixes with their addresses.
//!
//! Why: Properties of that prefix mean nothing to readers.
//!
//! Fix: Write `prefix: address`, each pair with a blank between.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::url,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-004c", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let mut words = package.prefix.as_deref().unwrap_or_default().split_ascii_whitespace();
    while let Some(word) = words.next() {
        match word.strip_suffix(':').filter(|prefix| !prefix.is_empty()) {
            Some(_) => {
                words.next();
            }
            None if url::scheme(word).is_some() => {}
            None => report.add(publication.in_package(package.at), &[("value", word)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn a_prefix_without_a_colon_is_told() {
        fires(
            RULE.code,
            &Book::epub3().edit(PACKAGE, "unique-identifier", "prefix=\"foaf http://f.example/\" unique-identifier"),
            &[(PACKAGE, 2)],
        );
    }
}
