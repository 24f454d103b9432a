//! The extension is not in lower case.
//!
//! Why: Some readers look for `.epub` exactly.
//!
//! Fix: Use the extension `.epub`.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-016", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.container.archive_bytes().is_none() {
        return;
    }
    let extension = publication.file_name.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
    if extension != "epub" && extension.eq_ignore_ascii_case("epub") {
        report.add(Place::file(publication.file_name), &[]);
    }
}
