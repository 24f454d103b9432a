//! The collection of a dictionary has no search key map.
//!
//! Why: Without it readers cannot look words up.
//!
//! Fix: Add a link to its search key map.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{Publication, package::KEY_MAP},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-083", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for collection in package.collections.iter().filter(|collection| collection.has_role("dictionary")) {
        let paths = collection.links.iter().filter_map(|link| link.path.as_ref());
        let kinds = paths.filter_map(|path| publication.declared_types.get(path));
        if kinds.filter(|kind| *kind == KEY_MAP).count() == 0 {
            report.add(publication.in_package(collection.at), &[]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires_as,
        epub::EpubProfile,
    };

    #[test]
    fn a_dictionary_without_a_map_is_told() {
        let book = Book::dictionary();
        let book = book.edit(
            PACKAGE,
            "</package>",
            "<collection role=\"dictionary\"><link href=\"chapter.xhtml\"/></collection></package>",
        );
        fires_as(EpubProfile::Dictionary, RULE.code, &book, &[(PACKAGE, 18)]);
    }
}
