//! The archive has a directory without files.
//!
//! Why: It serves nothing and is often left from a mistake.
//!
//! Fix: Take it out of the archive.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-014", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let mut parents = HashSet::new();
    for entry in publication.files() {
        let mut path = entry.path.as_str();
        while let Some((parent, _)) = path.rsplit_once('/') {
            if !parents.insert(parent) {
                break;
            }
            path = parent;
        }
    }
    let directories = publication.container.entries().iter().filter(|entry| entry.is_directory);
    for entry in directories.filter(|entry| !parents.contains(entry.path.trim_end_matches('/'))) {
        report.add(Place::file(&entry.path), &[("name", &entry.path)]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, Entry},
        checks::proof::{fires, passes},
    };

    #[test]
    fn an_empty_directory_is_told() {
        fires(RULE.code, &Book::epub3().entry(Entry::stored("EPUB/none/", "")), &[("EPUB/none/", 0)]);
    }

    #[test]
    fn a_directory_with_files_passes() {
        passes(RULE.code, &Book::epub3().entry(Entry::stored("EPUB/", "")));
    }
}
