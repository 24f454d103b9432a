//! An EPUB 2 has an unusual extension.
//!
//! Why: Readers and shops choose by the extension.
//!
//! Fix: Use the extension `.epub`.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-017", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.container.archive_bytes().is_none() {
        return;
    }
    let extension = publication.file_name.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
    if publication.is_epub2() && !extension.eq_ignore_ascii_case("epub") {
        report.add(Place::file(publication.file_name), &[]);
    }
}
