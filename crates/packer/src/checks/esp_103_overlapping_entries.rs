//! Entries of the archive share bytes.
//!
//! Why: No honest tool writes that; it is how a small file unpacks to very much.
//!
//! Fix: Make the archive again.

use crate::{
    checks::{ContainerRule, OpenContainer, Report},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: ContainerRule = ContainerRule { code: "ESP-103", severity: Severity::Error, check };

fn check(opened: &OpenContainer<'_>, report: &mut Report) {
    let mut ranges: Vec<(u64, u64, &str)> = opened
        .container
        .entries()
        .iter()
        .filter_map(|entry| {
            let header = entry.header.as_ref()?;
            Some((header.offset, header.local.as_ref()?.end, entry.path.as_str()))
        })
        .collect();
    ranges.sort_unstable();
    let mut end = 0;
    for (start, own_end, path) in ranges {
        if start < end {
            report.add(Place::file(path), &[("name", path)]);
        }
        end = end.max(own_end);
    }
}
