//! A list of the navigation document leads out of the book.
//!
//! Why: A table of contents must work without the network.
//!
//! Fix: Lead to a document of the book.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::url::{self, Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "NAV-010", severity: Severity::Error, alone: Alone::Content, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(navigation) = &publication.navigation else { return };
    let pages = navigation.pages.iter().flatten().map(|link| ("page-list", link));
    let contents = navigation.contents.iter().map(|link| ("toc", link));
    let landmarks = navigation.landmarks.iter().map(|link| ("landmarks", link));
    for (list, link) in contents.chain(pages).chain(landmarks) {
        let Some(href) = link.href.as_deref() else { continue };
        if matches!(url::resolve(&navigation.path, href), Link::Remote(_)) {
            report.add(place(&navigation.path, link.at), &[("list", list), ("href", href)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, NAVIGATION},
        checks::proof::fires,
    };

    #[test]
    fn a_table_of_contents_that_leads_to_the_network_is_told() {
        fires(
            RULE.code,
            &Book::epub3().edit(NAVIGATION, "</ol>", "<li><a href=\"https://x.example/\">x</a></li>\n</ol>"),
            &[(NAVIGATION, 9)],
        );
    }
}
