//! The collection of a dictionary names what is neither a document of it nor its search key map.
//!
//! Why: Readers look words up in nothing else.
//!
//! Fix: Take the link out.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{Publication, package::KEY_MAP},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-084", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for collection in package.collections.iter().filter(|collection| collection.has_role("dictionary")) {
        for link in &collection.links {
            let kind = link.path.as_ref().and_then(|path| publication.declared_types.get(path));
            if kind.is_some_and(|kind| kind != KEY_MAP && kind != "application/xhtml+xml") {
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
    fn a_style_sheet_in_a_dictionary_is_told() {
        let book = Book::dictionary().item("a", "a.css", "text/css", "", "").edit(
            PACKAGE,
            "</package>",
            "<collection role=\"dictionary\"><link href=\"search.xml\"/><link href=\"chapter.xhtml\"/>\n\
             <link href=\"a.css\"/></collection></package>",
        );
        fires_as(EpubProfile::Dictionary, RULE.code, &book, &[(PACKAGE, 20)]);
    }
}
