//! A `rootfile` has an empty `full-path`.
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
pub(super) const RULE: Rule = Rule { code: "OPF-017", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let is_empty = |path: &String| path.trim().is_empty();
    for rootfile in publication.rootfiles.iter().filter(|rootfile| rootfile.full_path.as_ref().is_some_and(is_empty)) {
        report.add(place("META-INF/container.xml", rootfile.at), &[]);
    }
}
