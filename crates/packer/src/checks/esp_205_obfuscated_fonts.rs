//! Fonts are obfuscated, which EPUB allows and is no protection.
//!
//! Why: Obfuscated fonts are lost when the identifier of the book is changed.
//!
//! Fix: Nothing needs to be done; fonts with an open licence may be stored as they are.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "ESP-205", severity: Severity::Usage, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let count = publication.encrypted.iter().filter(|resource| resource.is_obfuscation()).count();
    if count > 0 {
        report.add(Place::file("META-INF/encryption.xml"), &[("count", &count.to_string())]);
    }
}
