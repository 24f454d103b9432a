//! A style sheet has an encoding other than UTF-8 and UTF-16.
//!
//! Why: Readers need not know any other encoding than UTF-8 and UTF-16.
//!
//! Fix: Save it as UTF-8 and correct `@charset`.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "CSS-004", severity: Severity::Error, alone: Alone::Content, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    markup(publication, RULE.code, report);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn latin_1_is_told() {
        fires(
            RULE.code,
            &Book::epub3().item("a", "a.css", "text/css", "", "@charset \"ISO-8859-1\";"),
            &[("EPUB/a.css", 1)],
        );
    }
}
