//! The collection of a dictionary has more than one search key map.
//!
//! Why: Readers take any of them.
//!
//! Fix: Keep one link to a search key map.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{Publication, package::KEY_MAP},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-082", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for collection in package.collections.iter().filter(|collection| collection.has_role("dictionary")) {
        let paths = collection.links.iter().filter_map(|link| link.path.as_ref());
        let kinds = paths.filter_map(|path| publication.declared_types.get(path));
        if kinds.filter(|kind| *kind == KEY_MAP).count() > 1 {
            report.add(publication.in_package(collection.at), &[]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, KEY_MAP, PACKAGE},
        checks::proof::fires_as,
        epub::{EpubProfile, package},
    };

    #[test]
    fn a_second_map_is_told() {
        let book =
            Book::dictionary().item("more", "more.xml", package::KEY_MAP, "", Book::dictionary().content(KEY_MAP));
        let book = book.edit(
            PACKAGE,
            "</package>",
            "<collection role=\"dictionary\"><link href=\"search.xml\"/><link href=\"more.xml\"/><link href=\"chapter.xhtml\"/></collection></package>",
        );
        fires_as(EpubProfile::Dictionary, RULE.code, &book, &[(PACKAGE, 19)]);
    }
}
