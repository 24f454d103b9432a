//! The book is encrypted and nothing tells by what. A release of it is refused.
//!
//! Why: An encrypted book cannot be published; nothing here removes a protection.
//!
//! Fix: Ask its publisher for a copy without protection.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
    inspect::Protection,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "ESP-202", severity: Severity::Info, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.protection == Protection::Unknown {
        report.add(Place::default(), &[]);
    }
}
