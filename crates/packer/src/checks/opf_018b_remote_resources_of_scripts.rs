//! A scripted document declares remote resources that only its script can use.
//!
//! Why: Nothing but the script tells whether that is so.
//!
//! Fix: Check that the script loads something from the network.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-018b", severity: Severity::Usage, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    for (item, path) in publication.items().filter(|(item, _)| item.has_property("remote-resources")) {
        let Some(content) = publication.content(path) else { continue };
        if !content.leads_out() && content.is_scripted {
            report.add(publication.in_package(item.at), &[("name", path)]);
        }
    }
}
