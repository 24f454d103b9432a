//! There is no `META-INF/container.xml`.
//!
//! Why: It tells where the book begins; without it nothing can be read.
//!
//! Fix: Add it, or export the book again.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-002", severity: Severity::Fatal, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if !publication.has_container_file {
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
    fn a_book_without_a_container_file_is_told() {
        fires(RULE.code, &Book::epub3().without(CONTAINER), &[(CONTAINER, 0)]);
    }
}
