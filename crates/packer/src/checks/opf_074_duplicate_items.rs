//! The manifest declares a file twice.
//!
//! Why: Readers do not know which declaration counts.
//!
//! Fix: Keep one item for each file.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-074", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    let mut seen = HashSet::new();
    for item in &package.items {
        let Some(href) = item.href.as_deref() else { continue };
        let target = item.path.as_deref().unwrap_or(href);
        if !seen.insert(target) {
            report.add(publication.in_package(item.at), &[("name", href)]);
        }
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
    fn a_file_that_is_declared_twice_is_told() {
        fires(RULE.code, &Book::epub3().declared("a", "chapter.xhtml", "application/xhtml+xml", ""), &[(PACKAGE, 12)]);
    }
}
