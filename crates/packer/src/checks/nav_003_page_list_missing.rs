//! A publication for education marks printed pages and has no list of them.
//!
//! Why: Nobody in class can go to “page 12”.
//!
//! Fix: Add a `nav` with the `epub:type` page-list to the navigation document.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{EpubProfile, Publication},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "NAV-003", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(navigation) = publication.navigation.as_ref() else { return };

    let has_pages = publication.contents.iter().any(|content| content.has_page_breaks);
    if publication.profile == EpubProfile::Edupub && has_pages && navigation.pages.is_none() {
        report.add(Place::file(&navigation.path), &[]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, NAVIGATION},
        checks::proof::fires_as,
        epub::EpubProfile,
    };

    #[test]
    fn pages_without_a_list_are_told() {
        let book = Book::edupub().body("<p><span epub:type=\"pagebreak\" id=\"p1\"/>a</p>");
        let book = book
            .metadata("<dc:source id=\"s\">A</dc:source><meta refines=\"#s\" property=\"source-of\">pagination</meta>");
        fires_as(EpubProfile::Edupub, RULE.code, &book, &[(NAVIGATION, 0)]);
    }
}
