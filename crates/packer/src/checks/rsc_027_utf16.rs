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
    // XHTML of an EPUB 3 has a rule of its own (HTM-058).
    let is_html = |path: &str| !publication.is_epub2() && publication.content(path).is_some_and(|one| one.is_xhtml);
    let wide = publication.oddities.iter().filter(|(_, oddity)| *oddity == Oddity::Utf16);
    for (path, _) in wide.filter(|(path, _)| !is_html(path)) {
        report.add(Place::file(path), &[]);
    }
}
