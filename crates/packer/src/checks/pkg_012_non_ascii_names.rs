//! A file name has other characters than ASCII.
//!
//! Why: It is allowed; some older readers do not find such files.
//!
//! Fix: Use plain letters where old readers matter.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-012", severity: Severity::Usage, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for entry in publication.files().filter(|entry| entry.is_utf8 && !entry.path.is_ascii()) {
        report.add(Place::file(&entry.path), &[("name", &entry.path)]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn accents_are_noted() {
        fires(RULE.code, &Book::epub3().item("a", "é.css", "text/css", "", ""), &[("EPUB/é.css", 0)]);
    }
}
