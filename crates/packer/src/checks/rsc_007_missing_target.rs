//! A reference leads to a file that is not in the book.
//!
//! Why: What should be shown there is missing.
//!
//! Fix: Add the file, or correct the reference.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::url::{self, Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-007", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let items = publication.items_by_path();
    let mut follow = |from: &str, at, href: &str, link: Link| {
        let Link::Inside(inside) = link else { return };
        let is_known = items.contains_key(inside.path.as_str()) || publication.has_file(&inside.path);
        if !inside.leaks && !inside.path.is_empty() && !is_known {
            report.add(place(from, at), &[("href", href)]);
        }
    };
    for (content, reference, link) in publication.links() {
        follow(&content.path, reference.at, &reference.href, link);
    }
    if let Some(ncx) = &publication.ncx {
        for link in ncx.contents.iter().chain(ncx.pages.iter().flatten()) {
            let href = link.href.as_deref().unwrap_or_default();
            follow(&ncx.path, link.at, href, url::resolve(&ncx.path, href));
        }
    }
    if let Some(package) = publication.package.filter(|package| package.is_epub2()) {
        for reference in &package.guide {
            let href = reference.href.as_deref().unwrap_or_default();
            follow(&package.path, reference.at, href, url::resolve(&package.path, href));
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
    fn a_link_to_nothing_is_told() {
        fires(RULE.code, &Book::epub3().body("<a href=\"none.xhtml\">x</a>"), &[(CHAPTER, 8)]);
    }

    #[test]
    fn a_style_sheet_that_is_not_there_is_told() {
        fires(
            RULE.code,
            &Book::epub3().item("a", "a.css", "text/css", "", "p { background: url(none.png) }"),
            &[("EPUB/a.css", 1)],
        );
    }
}
