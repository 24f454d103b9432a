//! An unzipped book has no `mimetype` file.
//!
//! Why: Reading systems look there to see that it is an EPUB.
//!
//! Fix: Put `mimetype` into the archive first, without compression.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-006", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.container.archive_bytes().is_none() && publication.mimetype.is_none() {
        report.add(Place::file("mimetype"), &[]);
    }
}
