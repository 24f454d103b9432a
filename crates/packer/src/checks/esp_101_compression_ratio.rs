//! An entry unpacks to far more than its size can hold.
//!
//! Why: That is how archives exhaust the machines that open them.
//!
//! Fix: If the file is honest, store it in another form; otherwise do not use the book.

use crate::{
    checks::{Report, Rule},
    container::ReadError,
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "ESP-101", severity: Severity::Error, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let limits = publication.limits;
    for entry in publication.files() {
        let Some(header) = &entry.header else { continue };
        if entry.size > FREE && entry.size > header.packed.saturating_mul(limits.ratio) {
            report.add(Place::file(&entry.path), &[("name", &entry.path), ("limit", &limits.ratio.to_string())]);
        }
    }
    for (path, _) in publication.unread.iter().filter(|(_, error)| matches!(error, ReadError::Bomb(_))) {
        if publication.entry(path).is_some_and(|entry| entry.size <= FREE) {
            report.add(Place::file(path), &[("name", path), ("limit", &limits.ratio.to_string())]);
        }
    }
}

/// An entry may always unpack to so much, however small it is packed.
const FREE: u64 = 1 << 20;
