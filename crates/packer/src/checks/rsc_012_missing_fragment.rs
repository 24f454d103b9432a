//! A link leads to an identifier that is not there.
//!
//! Why: The reader lands at the beginning of the page, or nowhere.
//!
//! Fix: Correct the fragment, or add the `id`.

use std::collections::{HashMap, HashSet};

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::content::Use,
    epub::url::{self, Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-012", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.has_dropped_links {
        return;
    }
    let mut ids: HashMap<String, HashSet<&str>> = HashMap::new();
    let mut follow = |from: &str, at, href: &str, link: Link| {
        let Link::Inside(inside) = link else { return };
        let Some(fragment) = inside.fragment.as_deref().filter(|fragment| is_identifier(fragment)) else { return };
        let is_page = matches!(
            publication.declared_types.get(&inside.path).map(String::as_str),
            Some("application/xhtml+xml" | "image/svg+xml" | "text/html")
        );
        let Some(target) = publication.content(&inside.path).filter(|_| is_page) else { return };
        let known = ids.entry(inside.path.clone()).or_insert_with(|| target.ids.iter().map(String::as_str).collect());
        if !known.contains(fragment) {
            report.add(place(from, at), &[("href", href), ("fragment", fragment)]);
        }
    };
    for (content, reference, link) in publication.links() {
        if matches!(reference.kind, Use::Hyperlink | Use::Copy | Use::Overlaid | Use::SearchKey) {
            follow(&content.path, reference.at, &reference.href, link);
        }
    }
    if let Some(ncx) = &publication.ncx {
        for link in ncx.contents.iter().chain(ncx.pages.iter().flatten()) {
            let href = link.href.as_deref().unwrap_or_default();
            follow(&ncx.path, link.at, href, url::resolve(&ncx.path, href));
        }
    }
}

/// Fragments of other schemes (EPUB CFI, media fragments, SVG views) name no element.
fn is_identifier(fragment: &str) -> bool {
    !fragment.is_empty() && !fragment.contains(['(', '=', ':'])
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER, NCX},
        checks::proof::{fires, passes},
    };

    #[test]
    fn a_link_to_an_unknown_place_is_told() {
        fires(RULE.code, &Book::epub3().body("<a href=\"#none\">x</a>"), &[(CHAPTER, 8)]);
    }

    #[test]
    fn places_that_are_there_and_other_schemes_pass() {
        passes(
            RULE.code,
            &Book::epub3().body("<a href=\"#one\">x</a><a href=\"chapter.xhtml#epubcfi(/4)\">x</a><a href=\"#\">x</a>"),
        );
    }

    #[test]
    fn an_entry_of_the_ncx_without_its_place_is_told() {
        fires(RULE.code, &Book::epub2().edit(NCX, "chapter.xhtml", "chapter.xhtml#none"), &[(NCX, 11)]);
    }
}
