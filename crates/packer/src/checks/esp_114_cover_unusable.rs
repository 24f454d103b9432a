//! The cover that the book names cannot be used.
//!
//! Why: Catalogues and the package show no cover.
//!
//! Fix: Replace the image by a JPEG or PNG of usual size.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::cover::CoverFault,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "ESP-114", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    match &publication.cover_fault {
        Some(CoverFault::Bytes { path, limit }) => {
            report.add(Place::file(path), &[("problem", "bytes"), ("limit", &limit.to_string())]);
        }
        Some(CoverFault::Pixels { path, pixels: (width, height), limit }) => {
            let size = format!("{width} × {height}");
            report.add(Place::file(path), &[("problem", "pixels"), ("limit", &limit.to_string()), ("size", &size)]);
        }
        Some(CoverFault::Unreadable { path }) => report.add(Place::file(path), &[("problem", "unreadable")]),
        None => {}
    }
}
