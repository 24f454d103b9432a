//! A reference climbs out of the container.
//!
//! Why: It would read files of the person who reads, or find nothing.
//!
//! Fix: Write a path that stays inside the book.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::url::{self, Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-026", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let inside = |link: &Link| matches!(link, Link::Inside(inside) if inside.leaks);
    for (content, reference, _) in publication.links().filter(|(_, _, link)| inside(link)) {
        report.add(place(&content.path, reference.at), &[("href", &reference.href)]);
    }
    let Some(package) = publication.package else { return };
    for item in &package.items {
        if let Some(href) = item.href.as_deref().filter(|href| inside(&url::resolve(&package.path, href))) {
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
    fn a_path_that_climbs_too_far_is_told() {
        fires(RULE.code, &Book::epub3().body("<a href=\"../../chapter.xhtml\">x</a>"), &[(CHAPTER, 8)]);
    }
}
