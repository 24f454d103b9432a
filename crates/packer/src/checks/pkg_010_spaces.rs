//! A file name has spaces.
//!
//! Why: Older reading systems do not find such files.
//!
//! Fix: Use hyphens or underscores in place of spaces.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-010", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for entry in publication.files().filter(|entry| entry.is_utf8 && entry.path.contains(char::is_whitespace)) {
        report.add(Place::file(&entry.path), &[("name", &entry.path)]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_space_in_a_file_name_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .item("a", "a%20b.css", "text/css", "", "")
                .without("EPUB/a%20b.css")
                .file("EPUB/a b.css", ""),
            &[("EPUB/a b.css", 0)],
        );
    }
}
