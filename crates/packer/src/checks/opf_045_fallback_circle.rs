//! Fallbacks lead in a circle.
//!
//! Why: A reader that follows them never ends.
//!
//! Fix: Let the chain end in something that every reader can show.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-045", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    // Each item is walked once: those that were walked without a circle end every later walk.
    let mut done = HashSet::new();
    for item in &package.items {
        let mut own = HashSet::new();
        let mut next = Some(item);
        while let Some(one) = next {
            let Some(id) = one.id.as_deref() else { break };
            if done.contains(id) {
                break;
            }
            if !own.insert(id) {
                report.add(publication.in_package(one.at), &[("id", id)]);
                break;
            }
            next = one.fallback.as_deref().and_then(|id| package.item(id));
        }
        done.extend(own);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn an_item_that_falls_back_on_itself_is_told() {
        fires(RULE.code, &Book::epub3().item("a", "a.css", "text/css", "fallback=\"a\"", ""), &[(PACKAGE, 12)]);
    }
}
