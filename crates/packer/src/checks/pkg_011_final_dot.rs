//! A file name ends with a dot.
//!
//! Why: Windows drops the dot, and the file is no longer found.
//!
//! Fix: Rename the file.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-011", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for entry in publication.files().filter(|entry| entry.path.ends_with('.')) {
        report.add(Place::file(&entry.path), &[("name", &entry.path)]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_name_that_ends_with_a_dot_is_told() {
        fires(RULE.code, &Book::epub3().item("a", "a.", "text/css", "", ""), &[("EPUB/a.", 0)]);
    }
}
