//! A `rootfile` has no `full-path`.
//!
//! Why: It is the only thing that tells where the package document is.
//!
//! Fix: Write the path of the package document.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-016", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for rootfile in publication.rootfiles.iter().filter(|rootfile| rootfile.full_path.is_none()) {
        report.add(place("META-INF/container.xml", rootfile.at), &[]);
    }
}
