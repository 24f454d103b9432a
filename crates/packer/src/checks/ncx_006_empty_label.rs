//! A label of the NCX is empty.
//!
//! Why: The table of contents shows a blank line there.
//!
//! Fix: Write the label.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "NCX-006", severity: Severity::Usage, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(ncx) = &publication.ncx else { return };
    for at in &ncx.empty_labels {
        report.add(place(&ncx.path, *at), &[]);
    }
}
