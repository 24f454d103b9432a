//! The collection of a dictionary names a file that is not in the manifest.
//!
//! Why: Readers do not find it.
//!
//! Fix: Add the file to the manifest, or take the link out.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-081", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for collection in package.collections.iter().filter(|collection| collection.has_role("dictionary")) {
        for link in &collection.links {
            if !link.path.as_ref().is_some_and(|path| publication.declared_types.contains_key(path)) {
                report.add(publication.in_package(link.at), &[("href", &link.href)]);
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
    fn a_link_to_no_item_is_told() {
        let book = Book::dictionary().edit(
            PACKAGE,
            "</package>",
            "<collection role=\"dictionary\"><link href=\"search.xml\"/><link href=\"chapter.xhtml\"/>\n\
             <link href=\"missing.xhtml\"/></collection></package>",
        );
        fires_as(EpubProfile::Dictionary, RULE.code, &book, &[(PACKAGE, 19)]);
    }
}
