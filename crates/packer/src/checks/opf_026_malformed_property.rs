//! A property is malformed.
//!
//! Why: A property is a name, or a prefix and a name with a colon between.
//!
//! Fix: Correct its spelling.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-026", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for meta in &package.metadata {
        let is_malformed = |property: &&str| property.starts_with(':') || property.ends_with(':');
        if let Some(property) = meta.property.as_deref().filter(is_malformed) {
            report.add(publication.in_package(meta.at), &[("property", property)]);
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
    fn a_prefix_without_a_name_is_told() {
        fires(RULE.code, &Book::epub3().metadata("<meta property=\"dcterms:\">x</meta>"), &[(PACKAGE, 8)]);
    }
}
