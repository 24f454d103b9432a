//! A dictionary has no document with the `epub:type` dictionary.
//!
//! Why: Readers look words up only where the dictionary is marked as one.
//!
//! Fix: Give `body` or a `section` of its documents the `epub:type` dictionary.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{EpubProfile, Publication},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-078", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|_| publication.profile == EpubProfile::Dictionary) else { return };

    let is_dictionary = |path: &str| publication.content(path).is_none_or(|content| content.has_dictionary);
    let mut collections = package.collections.iter().filter(|collection| collection.has_role("dictionary")).peekable();
    if collections.peek().is_none() {
        if !publication.contents.iter().any(|content| content.has_dictionary) {
            report.add(publication.in_package(package.at), &[]);
        }
        return;
    }
    for collection in collections {
        let items = collection.links.iter().filter_map(|link| {
            let path = link.path.as_deref()?;
            (publication.declared_types.get(path)? == "application/xhtml+xml").then_some(path)
        });
        if !items.into_iter().any(is_dictionary) {
            report.add(publication.in_package(collection.at), &[]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER, PACKAGE},
        checks::proof::fires_as,
        epub::EpubProfile,
    };

    #[test]
    fn a_dictionary_without_one_is_told() {
        fires_as(EpubProfile::Dictionary, RULE.code, &Book::dictionary(), &[]);
        let book = Book::dictionary().edit(CHAPTER, "epub:type=\"dictionary\"", "");
        fires_as(EpubProfile::Dictionary, RULE.code, &book, &[(PACKAGE, 2)]);
    }
}
