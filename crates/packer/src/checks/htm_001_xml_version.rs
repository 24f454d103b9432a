//! A document is of another version of XML than 1.0.
//!
//! Why: Readers need only know XML 1.0.
//!
//! Fix: Write `<?xml version="1.0" encoding="UTF-8"?>`.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
    xml::Oddity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-001", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (path, oddity) in &publication.oddities {
        if let Oddity::Version(version) = oddity {
            report.add(Place::file(path), &[("version", version)]);
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
    fn xml_1_1_is_told() {
        fires(RULE.code, &Book::epub3().edit(CHAPTER, "version=\"1.0\"", "version=\"1.1\""), &[(CHAPTER, 0)]);
    }
}
