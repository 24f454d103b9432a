//! An attribute of one's own is in a namespace that is not free to use.
//!
//! Why: Namespaces of these hosts belong to the specifications.
//!
//! Fix: Choose a namespace of your own.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-054", severity: Severity::Error, alone: Alone::Content, check };

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
    fn a_reserved_namespace_is_told() {
        fires(RULE.code, &Book::epub3().body("<p xmlns:x=\"http://example.w3.org/\" x:a=\"\">a</p>"), &[(CHAPTER, 8)]);
    }
}
