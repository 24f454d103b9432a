//! No link leads to a document outside the reading order; a script may.
//!
//! Why: If none does, nobody can open it.
//!
//! Fix: Check that the script leads to it.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::content::Use,
    epub::url::Link,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-096b", severity: Severity::Usage, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let is_scripted = publication.contents.iter().any(|content| content.is_scripted);
    if publication.is_epub2() || publication.has_dropped_links || !is_scripted {
        return;
    }
    let hidden: Vec<_> = publication.spine().filter(|(reference, _)| !reference.is_linear).collect();
    if hidden.is_empty() {
        return;
    }
    let mut reached = HashSet::new();
    for content in &publication.contents {
        for reference in content.references.iter().filter(|reference| reference.kind == Use::Hyperlink) {
            if let Link::Inside(inside) = content.resolve(&reference.href) {
                reached.insert(inside.path);
            }
        }
    }
    for (reference, item) in hidden {
        if let Some(path) = item.path.as_deref().filter(|path| !reached.contains(*path)) {
            report.add(publication.in_package(reference.at), &[("name", path)]);
        }
    }
}
