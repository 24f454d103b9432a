//! A file of the container is not declared in the manifest.
//!
//! Why: It is carried along and never shown; often it was left behind.
//!
//! Fix: Declare it, or take it out of the book.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::url::{self, Link},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-003", severity: Severity::Usage, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    let mut declared: HashSet<String> = publication.items().map(|(_, path)| path.to_owned()).collect();
    declared.insert(package.path.clone());
    let roots = publication.rootfiles.iter().filter_map(|rootfile| rootfile.full_path.clone());
    declared.extend(roots);
    for meta in package.metadata.iter().filter_map(|meta| meta.href.as_deref()) {
        if let Link::Inside(inside) = url::resolve(&package.path, meta) {
            declared.insert(inside.path);
        }
    }
    for entry in publication.files().filter(|entry| entry.path != "mimetype" && !entry.path.starts_with("META-INF/")) {
        let path = url::canonical(&entry.path);
        if !declared.contains(&path) && !publication.renditions.other_items.contains(&path) {
            report.add(Place::file(&entry.path), &[("name", &entry.path)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_file_that_the_manifest_leaves_out_is_told() {
        fires(RULE.code, &Book::epub3().file("EPUB/notes.txt", "x"), &[("EPUB/notes.txt", 0)]);
    }
}
