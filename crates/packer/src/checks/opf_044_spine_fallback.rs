//! The spine names an item of another kind, and none of its fallbacks is a content document.
//!
//! Why: Readers need not be able to show any of them.
//!
//! Fix: Let the chain of fallbacks end in XHTML or SVG.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::fallback,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-044", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    for (reference, item) in publication.spine() {
        let kind = item.kind();
        let is_whole = fallback::chain(package, item, publication.limits)
            .all(|one| one.fallback.as_deref().is_none_or(|id| package.item(id).is_some()));
        if item.fallback.is_some() && is_whole && !fallback::leads_to_content(package, item, publication.limits) {
            report.add(publication.in_package(reference.at), &[("kind", &kind)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn a_fallback_that_is_no_page_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .item("a", "a.mp3", "audio/mpeg", "fallback=\"b\"", "x")
                .item("b", "b.css", "text/css", "", "")
                .spine("a", ""),
            &[(PACKAGE, 17)],
        );
    }
}
