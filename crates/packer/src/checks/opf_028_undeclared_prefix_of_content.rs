//! A type of a document has a prefix that is not declared.
//!
//! Why: Nobody can tell what the property means.
//!
//! Fix: Declare it in `prefix` of the package element.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-028", severity: Severity::Error, alone: Alone::Content, check };

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
    fn a_prefix_that_nobody_declares_is_told() {
        fires(RULE.code, &Book::epub3().body("<p epub:type=\"my:own\">a</p>"), &[(CHAPTER, 8)]);
    }
}
