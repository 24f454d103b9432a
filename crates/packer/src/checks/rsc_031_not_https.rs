//! A remote resource is not loaded over https.
//!
//! Why: Otherwise anybody on the way can read and change it.
//!
//! Fix: Use https.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::content::Use,
    epub::url::Link,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-031", severity: Severity::Warning, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let is_plain = |target: &str| target.to_ascii_lowercase().starts_with("http:");
    let mut told = HashSet::new();
    for (content, reference, link) in publication.links() {
        let is_loaded = matches!(reference.kind, Use::Audio | Use::Video | Use::Font);
        if let Link::Remote(target) = link
            && is_loaded
            && is_plain(&target)
            && !publication.is_epub2()
        {
            report.add(place(&content.path, reference.at), &[("url", &target)]);
            told.insert(target);
        }
    }
}
