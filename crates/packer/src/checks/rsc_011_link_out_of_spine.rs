//! A link leads to a page that the spine does not name.
//!
//! Why: Readers cannot place it in the book: some do not open it, others cannot come back.
//!
//! Fix: Add the page to the spine, with `linear="no"` if it is not read in order.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::content::Use,
    epub::fallback,
    epub::url::Link,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-011", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };
    let spine: HashSet<&str> = publication.spine().filter_map(|(_, item)| item.path.as_deref()).collect();

    let items = publication.items_by_path();
    for (content, reference, link) in publication.links() {
        let Link::Inside(inside) = link else { continue };
        let Some(item) = items.get(inside.path.as_str()) else { continue };
        let is_page = fallback::leads_to_content(package, item, publication.limits);
        if reference.kind == Use::Hyperlink && !inside.leaks && is_page && !spine.contains(inside.path.as_str()) {
            // A link inside its own document goes nowhere else.
            if inside.path != content.path {
                report.add(place(&content.path, reference.at), &[("href", &reference.href)]);
            }
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
    fn a_link_to_a_page_outside_the_spine_is_told() {
        fires(RULE.code, &Book::epub3().body("<a href=\"nav.xhtml\">x</a>"), &[(CHAPTER, 8)]);
    }
}
