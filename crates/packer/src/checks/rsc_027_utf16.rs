//! A document is UTF-16.
//!
//! Why: It is allowed; UTF-8 is what every reader expects.
//!
//! Fix: Save the document as UTF-8.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
    xml::Oddity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-027", severity: Severity::Warning, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (path, _) in publication.oddities.iter().filter(|(_, oddity)| *oddity == Oddity::Utf16) {
        report.add(Place::file(path), &[]);
    }
}
