//! A content document lacks what it should have, or has what it should not.
//!
//! Why: It is allowed or tolerated, and some readers stumble over it.
//!
//! Fix: Correct the place that is named.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-017", severity: Severity::Warning, alone: Alone::Content, check };

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
    fn a_document_without_a_title_is_told() {
        fires(
            RULE.code,
            &Book::epub3().edit(CHAPTER, "<title>", "<!--").edit(CHAPTER, "</title>", "-->"),
            &[(CHAPTER, 4)],
        );
    }
}
