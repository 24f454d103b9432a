//! A document has an encoding other than UTF-8 and UTF-16.
//!
//! Why: Readers need not know any other encoding.
//!
//! Fix: Save the document as UTF-8 and correct its XML declaration.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
    xml::Oddity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-028", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (path, oddity) in &publication.oddities {
        if let Oddity::Encoding(name) = oddity {
            report.add(Place::file(path), &[("encoding", name)]);
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
    fn latin_1_is_told() {
        fires(
            RULE.code,
            &Book::epub3().edit(CHAPTER, "encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\""),
            &[(CHAPTER, 0)],
        );
    }
}
