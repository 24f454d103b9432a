//! The identifier of the NCX has white space around it.
//!
//! Why: Some programs compare it with the package’s, space by space.
//!
//! Fix: Take the white space away.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "NCX-004", severity: Severity::Usage, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some((uid, at)) = publication.ncx.as_ref().and_then(|ncx| ncx.uid.clone()) else { return };
    let path = publication.ncx.as_ref().map(|ncx| ncx.path.as_str()).unwrap_or_default();

    if uid.trim() != uid {
        report.add(place(path, at), &[]);
    }
}
