//! The manifest declares a file that the container does not have.
//!
//! Why: What refers to it shows nothing.
//!
//! Fix: Add the file, or take its item out of the manifest.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-001", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    // Under a name that is not UTF-8 the file may be there all the same; PKG-027 tells it.
    if publication.container.entries().iter().any(|entry| !entry.is_utf8) {
        return;
    }
    let mut told = HashSet::new();
    for (item, path) in publication.items() {
        if !publication.has_file(path) && told.insert(path) {
            report.add(publication.in_package(item.at), &[("name", path)]);
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
    fn a_declared_file_that_is_not_there_is_told() {
        fires(RULE.code, &Book::epub3().declared("a", "a.css", "text/css", ""), &[(PACKAGE, 12)]);
    }
}
