//! All entries together unpack to more than the limit.
//!
//! Why: Readers and our own server would run out of room.
//!
//! Fix: Make the book smaller or split it.

use crate::{
    checks::{ContainerRule, OpenContainer, Report},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: ContainerRule = ContainerRule { code: "ESP-102", severity: Severity::Error, check };

fn check(opened: &OpenContainer<'_>, report: &mut Report) {
    let total = opened.files().fold(0_u64, |sum, entry| sum.saturating_add(entry.size));
    let limit = opened.limits.unpacked_bytes;
    if total > limit {
        report.add(Place::default(), &[("size", &total.to_string()), ("limit", &limit.to_string())]);
    }
}
