//! A resource is encrypted; what it holds was not checked.
//!
//! Why: Nobody without the key can read it.
//!
//! Fix: Export the book without protection.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-004", severity: Severity::Info, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let mut told = HashSet::new();
    for resource in publication.encrypted.iter().filter(|resource| !resource.is_obfuscation()) {
        if publication.has_file(&resource.path) && told.insert(&resource.path) {
            report.add(Place::file(&resource.path), &[("name", &resource.path)]);
        }
    }
    for entry in publication.files().filter(|entry| entry.header.as_ref().is_some_and(|header| header.is_encrypted)) {
        report.add(Place::file(&entry.path), &[("name", &entry.path)]);
    }
}
