//! An image is referred to with a fragment and is no SVG.
//!
//! Why: Only SVG has named parts; others are shown whole or not at all.
//!
//! Fix: Take the fragment away.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::content::Use,
    epub::url::Link,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-009", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let items = publication.items_by_path();
    for (content, reference, link) in publication.links() {
        let Link::Inside(inside) = link else { continue };
        let Some(item) = items.get(inside.path.as_str()) else { continue };
        let is_image = reference.kind == Use::Image && item.kind().starts_with("image/");
        if is_image && item.kind() != "image/svg+xml" && inside.fragment.is_some() {
            report.add(place(&content.path, reference.at), &[("href", &reference.href)]);
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
    fn a_part_of_a_png_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .item("i", "i.png", "image/png", "", *b"\x89PNG\r\n\x1a\n")
                .body("<img src=\"i.png#a\" alt=\"\"/>"),
            &[(CHAPTER, 8)],
        );
    }
}
