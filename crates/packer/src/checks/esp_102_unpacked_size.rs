//! All entries together unpack to more than the limit.
//!
//! Why: Readers and our own server would run out of room.
//!
//! Fix: Make the book smaller or split it.

use crate::{
    checks::{Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "ESP-102", severity: Severity::Error, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let total = publication.files().fold(0_u64, |sum, entry| sum.saturating_add(entry.size));
    let limit = publication.limits.unpacked_bytes;
    if total > limit {
        report.add(Place::default(), &[("size", &total.to_string()), ("limit", &limit.to_string())]);
    }
}
