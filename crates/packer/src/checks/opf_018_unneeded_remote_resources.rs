//! An item declares remote resources and has none.
//!
//! Why: Readers may ask for the network in vain.
//!
//! Fix: Take `remote-resources` out of the item.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-018", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    for (item, path) in publication.items().filter(|(item, _)| item.has_property("remote-resources")) {
        let Some(content) = publication.content(path) else { continue };
        if !content.leads_out() && !content.is_scripted {
            report.add(publication.in_package(item.at), &[("name", path)]);
        }
    }
}
