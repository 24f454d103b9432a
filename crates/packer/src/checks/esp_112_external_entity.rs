//! A document of an EPUB 2 declares an external entity.
//!
//! Why: It would have a reader fetch a file from elsewhere.
//!
//! Fix: Write the text itself in place of the entity.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
    xml::Oddity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "ESP-112", severity: Severity::Warning, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (path, oddity) in &publication.oddities {
        if let Oddity::ExternalEntity { name, at } = oddity
            && publication.is_epub2()
        {
            report.add(place(path, *at), &[("name", name)]);
        }
    }
}
