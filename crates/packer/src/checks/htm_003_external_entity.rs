//! A document of an EPUB 3 declares an external entity.
//!
//! Why: It would have a reader fetch a file from elsewhere; EPUB 3 forbids it and we do not read it.
//!
//! Fix: Take the declaration out and write the text itself.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
    xml::Oddity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-003", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (path, oddity) in &publication.oddities {
        if let Oddity::ExternalEntity { name, at } = oddity
            && !publication.is_epub2()
        {
            report.add(place(path, *at), &[("name", name)]);
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
    fn an_external_entity_is_told_and_never_read() {
        fires(RULE.code, &Book::epub3().external_entity(), &[(CHAPTER, 2)]);
    }
}
