//! The package document that the container names is not there.
//!
//! Why: It holds the metadata and the reading order; without it nothing can be read.
//!
//! Fix: Add it, or correct its path in container.xml.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-002", severity: Severity::Fatal, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for rootfile in &publication.rootfiles {
        if let Some(path) = rootfile.package_path().filter(|path| !publication.has_file(path)) {
            report.add(place("META-INF/container.xml", rootfile.at), &[("name", path)]);
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
    fn a_missing_package_document_is_told() {
        fires(RULE.code, &Book::epub3().without(PACKAGE), &[("META-INF/container.xml", 4)]);
    }
}
