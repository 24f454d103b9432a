//! An attribute says how a word is pronounced, and says nothing.
//!
//! Why: Speech leaves the word out.
//!
//! Fix: Write the pronunciation, or take the attribute out.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-007", severity: Severity::Warning, alone: Alone::Content, check };

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
    fn a_word_that_sounds_like_nothing_is_told() {
        let word = |sound: &str| {
            let namespace = "xmlns:ssml=\"http://www.w3.org/2001/10/synthesis\"";
            Book::epub3().body(&format!("<p><span {namespace} ssml:ph=\"{sound}\">a</span></p>"))
        };
        fires(RULE.code, &word(" "), &[(CHAPTER, 8)]);
        fires(RULE.code, &word("e"), &[]);
    }
}
