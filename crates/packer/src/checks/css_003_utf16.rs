//! A style sheet is UTF-16.
//!
//! Why: It is allowed; UTF-8 is what every reader expects.
//!
//! Fix: Save it as UTF-8.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "CSS-003", severity: Severity::Warning, alone: Alone::Content, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    markup(publication, RULE.code, report);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn utf_16_is_told() {
        fires(
            RULE.code,
            &Book::epub3().item("a", "a.css", "text/css", "", "@charset \"utf-16\";"),
            &[("EPUB/a.css", 1)],
        );
    }
}
