//! Entities expand beyond the limit or into themselves.
//!
//! Why: That is how a small document exhausts the machine that reads it.
//!
//! Fix: Write the text itself in place of the entities.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
    xml::Fault,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "ESP-111", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (path, fault) in &publication.faults {
        if let Fault::Expansion(limit) = fault {
            report.add(Place::file(path), &[("limit", &limit.to_string())]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER},
        checks::proof::fires,
    };

    #[test]
    fn entities_that_grow_without_end_are_told() {
        fires(RULE.code, &Book::epub3().entity_expansion(), &[(CHAPTER, 0)]);
    }
}
