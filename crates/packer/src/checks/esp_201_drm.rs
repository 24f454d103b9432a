//! The book is protected by a scheme that was recognised. A release of it is refused.
//!
//! Why: A protected book cannot be published; nothing here removes a protection.
//!
//! Fix: Ask its publisher for a copy without protection.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
    inspect::Protection,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "ESP-201", severity: Severity::Info, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if let Protection::Drm(scheme) = publication.protection {
        report.add(Place::default(), &[("scheme", scheme.name())]);
    }
}
