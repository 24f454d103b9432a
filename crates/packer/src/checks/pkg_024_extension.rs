//! An EPUB 3 has an unusual extension.
//!
//! Why: It is allowed; readers and shops choose by the extension.
//!
//! Fix: Use the extension `.epub`.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-024", severity: Severity::Usage, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.container.archive_bytes().is_none() {
        return;
    }
    let extension = publication.file_name.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
    if !publication.is_epub2() && !extension.eq_ignore_ascii_case("epub") {
        report.add(Place::file(publication.file_name), &[]);
    }
}
