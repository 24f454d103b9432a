//! The package document has no version that is known.
//!
//! Why: The version decides which rules the book follows.
//!
//! Fix: Write `version="3.0"`, or `2.0` for an EPUB 2.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-001", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    let version = package.version.as_deref().unwrap_or_default();
    let is_known = matches!(version, "3.0" | "2.0" | "1.0" | "1.2");
    if !is_known {
        report.add(publication.in_package(package.at), &[("version", version)]);
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
    fn an_unknown_version_is_told() {
        fires(RULE.code, &Book::epub3().edit(PACKAGE, "version=\"3.0\"", "version=\"4.0\""), &[(PACKAGE, 2)]);
    }
}
