//! The book has the mark of a protection scheme and nothing encrypted.
//!
//! Why: It may puzzle readers and shops; it is no protection.
//!
//! Fix: Take the file out of META-INF.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "ESP-203", severity: Severity::Info, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if !publication.protection.is_refused()
        && let Some(scheme) = publication.markers.scheme()
    {
        report.add(Place::default(), &[("scheme", scheme.name())]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn an_empty_rights_file_is_no_protection() {
        fires(RULE.code, &Book::epub3().adept_marker(), &[("", 0)]);
    }
}
