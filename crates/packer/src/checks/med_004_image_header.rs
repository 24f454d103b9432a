//! An image has no header that could be read.
//!
//! Why: Without it nothing tells how large and of what kind it is.
//!
//! Fix: Put the image into the book again.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "MED-004", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for path in publication.images.iter().filter(|(_, head)| head.is_short).map(|(path, _)| path) {
        report.add(Place::file(path), &[]);
    }
}
