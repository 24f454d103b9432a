//! There are more links than the limit; not all were followed.
//!
//! Why: Those that were not may lead nowhere.
//!
//! Fix: Split the book.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "ESP-113", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.has_dropped_links {
        report.add(Place::default(), &[("limit", &publication.limits.links.to_string())]);
    }
}
