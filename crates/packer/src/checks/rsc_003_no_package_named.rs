//! The container file names no package document.
//!
//! Why: Nothing tells where the book begins.
//!
//! Fix: Name the package document in a `rootfile` with that media type.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-003", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let is_named = publication.rootfiles.iter().any(|rootfile| rootfile.package_path().is_some());
    if publication.has_container_tree && !is_named {
        report.add(Place::file("META-INF/container.xml"), &[]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CONTAINER},
        checks::proof::fires,
    };

    #[test]
    fn a_rootfile_of_another_type_is_told() {
        fires(RULE.code, &Book::epub3().edit(CONTAINER, "oebps-package+xml", "xml"), &[(CONTAINER, 0)]);
    }
}
