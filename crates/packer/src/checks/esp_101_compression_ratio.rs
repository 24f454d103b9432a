//! An entry unpacks to far more than its size can hold.
//!
//! Why: That is how archives exhaust the machines that open them.
//!
//! Fix: If the file is honest, store it in another form; otherwise do not use the book.

use std::collections::HashSet;

use crate::{
    checks::{ContainerRule, OpenContainer, Report},
    container::ReadError,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: ContainerRule = ContainerRule { code: "ESP-101", severity: Severity::Error, check };

fn check(opened: &OpenContainer<'_>, report: &mut Report) {
    let limits = opened.limits;
    for entry in opened.files() {
        let Some(header) = &entry.header else { continue };
        if entry.size > FREE && entry.size > header.packed.saturating_mul(limits.ratio) {
            report.add(Place::file(&entry.path), &[("name", &entry.path), ("limit", &limits.ratio.to_string())]);
        }
    }
    let bombs = opened.unread.iter().filter(|(_, error)| matches!(error, ReadError::Bomb(_)));
    let bombs: HashSet<&str> = bombs.map(|(path, _)| path.as_str()).collect();
    for entry in opened.files().filter(|entry| entry.size <= FREE) {
        let path = entry.path.as_str();
        if bombs.contains(path) {
            report.add(Place::file(path), &[("name", path), ("limit", &limits.ratio.to_string())]);
        }
    }
}

/// An entry may always unpack to so much, however small it is packed.
const FREE: u64 = 1 << 20;
