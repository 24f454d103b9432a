//! A document is not well-formed XML.
//!
//! Why: Readers stop there: the rest of the document is not shown.
//!
//! Fix: Correct the markup at this place; often a tag is not closed or an `&` is not written `&amp;`.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::{Place, Severity},
    xml::Fault,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-016", severity: Severity::Fatal, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (path, fault) in publication.faults.iter().filter(|(path, _)| path != "META-INF/rights.xml") {
        match fault {
            Fault::Malformed { at, found } => report.add(place(path, *at), &[("found", found)]),
            Fault::Encoding(name) if name != "UTF-32" => report.add(Place::file(path), &[("found", name)]),
            _ => {}
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
    fn a_missing_end_tag_is_told_with_its_line() {
        fires(RULE.code, &Book::epub3().edit(CHAPTER, "</h1>", ""), &[(CHAPTER, 8)]);
    }

    #[test]
    fn an_entity_without_its_document_type_is_told() {
        fires(RULE.code, &Book::epub3().body("<p>&nbsp;</p>"), &[(CHAPTER, 8)]);
    }
}
