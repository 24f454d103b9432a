//! The manifest declares a remote resource that only a script can use.
//!
//! Why: Nothing but the script tells whether that is so.
//!
//! Fix: Check the script.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::content::Use,
    epub::url::Link,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-006b", severity: Severity::Usage, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let is_scripted = publication.contents.iter().any(|content| content.is_scripted);
    if !is_scripted {
        return;
    }
    let used: HashSet<String> = publication
        .links()
        .filter(|(_, reference, _)| reference.kind != Use::Hyperlink)
        .filter_map(|(_, _, link)| if let Link::Remote(target) = link { Some(target) } else { None })
        .collect();
    for (target, item) in publication.remote_items().iter().filter(|(target, _)| !used.contains(*target)) {
        let kind = item.kind();
        if !(kind.starts_with("audio/") || kind.starts_with("video/") || kind.contains("font")) {
            report.add(publication.in_package(item.at), &[("url", target)]);
        }
    }
}
