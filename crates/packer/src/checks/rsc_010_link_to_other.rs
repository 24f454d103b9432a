//! A link leads to a file that readers need not be able to show.
//!
//! Why: Readers need not be able to show it.
//!
//! Fix: Lead to a page that holds it, or give it a fallback.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::content::Use,
    epub::fallback,
    epub::url::Link,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-010", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    let items = publication.items_by_path();
    for (content, reference, link) in publication.links() {
        let Link::Inside(inside) = link else { continue };
        let Some(item) = items.get(inside.path.as_str()) else { continue };
        let leads = fallback::leads_to_content(package, item, publication.limits);
        if reference.kind == Use::Hyperlink && !inside.leaks && !leads && !item.kind().is_empty() {
            report.add(place(&content.path, reference.at), &[("href", &reference.href), ("kind", &item.kind())]);
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
    fn a_link_to_a_style_sheet_is_told() {
        fires(
            RULE.code,
            &Book::epub3().item("a", "a.css", "text/css", "", "").body("<a href=\"a.css\">x</a>"),
            &[(CHAPTER, 8)],
        );
    }
}
