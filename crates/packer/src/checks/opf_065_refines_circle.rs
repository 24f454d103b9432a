//! Metadata refine each other in a circle.
//!
//! Why: Nobody can tell what is refined.
//!
//! Fix: Let `refines` lead to an element that refines nothing.

use std::collections::{HashMap, HashSet};

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::package::Meta,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-065", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let by_id: HashMap<&str, &Meta> =
        package.metadata.iter().filter_map(|meta| Some((meta.id.as_deref()?, meta))).collect();
    let mut done = HashSet::new();
    for meta in &package.metadata {
        let mut own = HashSet::new();
        let mut next = Some(meta);
        while let Some(one) = next {
            let Some(id) = one.id.as_deref() else { break };
            if done.contains(id) {
                break;
            }
            if !own.insert(id) {
                report.add(publication.in_package(meta.at), &[("id", id)]);
                break;
            }
            next = one.refined_id().and_then(|id| by_id.get(id).copied());
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
    fn metadata_that_refine_each_other_are_told() {
        fires(RULE.code, &Book::epub3().metadata("<meta id=\"a\" refines=\"#b\" property=\"dcterms:x\">x</meta><meta id=\"b\" refines=\"#a\" property=\"dcterms:x\">x</meta>"), &[(PACKAGE, 8)]);
    }
}
