//! A publication for education has printed pages and does not say of which book they are.
//!
//! Why: A class that works with several editions cannot tell whose page 12 is meant.
//!
//! Fix: Name the printed book in `dc:source` and refine it by `source-of`: pagination.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{EpubProfile, Publication},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-066", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|_| publication.profile == EpubProfile::Edupub) else { return };

    let has_list = publication.navigation.as_ref().is_some_and(|navigation| navigation.pages.is_some());
    let has_pages = has_list || publication.contents.iter().any(|content| content.has_page_breaks);
    let is_pagination = |source| package.refinements(source, "source-of").any(|meta| meta.text == "pagination");
    if has_pages && !package.dc("source").any(is_pagination) {
        report.add(publication.in_package(package.metadata_at.unwrap_or(package.at)), &[]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, NAVIGATION, PACKAGE},
        checks::proof::fires_as,
        epub::EpubProfile,
    };

    #[test]
    fn pages_of_no_book_are_told() {
        let book = Book::edupub().edit(
            NAVIGATION,
            "</body>",
            "<nav epub:type=\"page-list\"><ol><li><a href=\"chapter.xhtml\">1</a></li></ol></nav></body>",
        );
        fires_as(EpubProfile::Edupub, RULE.code, &book, &[(PACKAGE, 3)]);
        let book = book
            .metadata("<dc:source id=\"s\">A</dc:source><meta refines=\"#s\" property=\"source-of\">pagination</meta>");
        fires_as(EpubProfile::Edupub, RULE.code, &book, &[]);
    }
}
