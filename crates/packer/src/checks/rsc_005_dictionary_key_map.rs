//! Several dictionaries share a search key map (EPUB Dictionaries and Glossaries 1.0).
//!
//! Why: A rule of the format is broken; readers may refuse the book or leave out what they cannot read.
//!
//! Fix: Correct the place that is named as the EPUB specification has it.

use std::collections::{HashMap, HashSet};

use crate::{
    checks::{Alone, Report, Rule},
    epub::{Publication, package::KEY_MAP},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-005", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let mut seen = HashSet::new();
    for collection in package.collections.iter().filter(|collection| collection.has_role("dictionary")) {
        let maps = collection.links.iter().filter_map(|link| {
            let path = link.path.as_ref()?;
            (publication.declared_types.get(path)? == KEY_MAP).then_some((path, link))
        });
        let own: HashMap<_, _> = maps.collect();
        for (path, link) in own {
            if !seen.insert(path) {
                report.add(publication.in_package(link.at), &[("problem", "key-map-shared"), ("href", &link.href)]);
            }
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
    fn a_map_of_two_dictionaries_is_told() {
        let collection =
            "<collection role=\"dictionary\"><link href=\"search.xml\"/><link href=\"chapter.xhtml\"/></collection>\n";
        let book = Book::dictionary().edit(PACKAGE, "</package>", &format!("{collection}{collection}</package>"));
        fires_as(EpubProfile::Dictionary, RULE.code, &book, &[(PACKAGE, 19)]);
    }
}
