//! An alternative style sheet has no title.
//!
//! Why: Readers offer it by its title.
//!
//! Fix: Add `title`.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "CSS-015", severity: Severity::Error, alone: Alone::Content, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    markup(publication, RULE.code, report);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER},
        checks::proof::fires,
    };

    #[test]
    fn an_alternative_without_a_title_is_told() {
        fires(
            RULE.code,
            &Book::epub3().item("a", "a.css", "text/css", "", "").edit(
                CHAPTER,
                "</head>",
                "<link rel=\"alternate stylesheet\" href=\"a.css\"/></head>",
            ),
            &[(CHAPTER, 4)],
        );
    }
}
