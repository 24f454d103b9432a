//! A reference into the book has a query.
//!
//! Why: There is no server inside a book that could answer it.
//!
//! Fix: Take the part from `?` to `#` away.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::url::{self, Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-033", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    let has_query = |link: &Link| matches!(link, Link::Inside(inside) if inside.has_query);
    for (content, reference, _) in publication.links().filter(|(_, _, link)| has_query(link)) {
        report.add(place(&content.path, reference.at), &[("href", &reference.href)]);
    }
    let Some(package) = publication.package else { return };
    for item in &package.items {
        if let Some(href) = item.href.as_deref().filter(|href| has_query(&url::resolve(&package.path, href))) {
            report.add(publication.in_package(item.at), &[("href", href)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER},
        checks::proof::fires,
    };

    #[test]
    fn a_question_mark_in_a_link_is_told() {
        fires(RULE.code, &Book::epub3().body("<a href=\"chapter.xhtml?a=b\">x</a>"), &[(CHAPTER, 8)]);
    }
}
