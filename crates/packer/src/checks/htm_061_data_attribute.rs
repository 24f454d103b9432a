//! A `data-` attribute has no valid name.
//!
//! Why: After the hyphen comes a name without capital letters.
//!
//! Fix: Correct its spelling.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-061", severity: Severity::Error, alone: Alone::Content, check };

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
    fn capital_letters_are_told() {
        fires(RULE.code, &Book::epub3().body("<p data-ERR=\"\">a</p>"), &[(CHAPTER, 8)]);
    }
}
