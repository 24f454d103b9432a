//! An element, an attribute or a value stands in a content document where its specification has none.
//!
//! Why: A rule of the format is broken; readers may refuse the book or leave out what they cannot read.
//!
//! Fix: Correct the place that is named as the EPUB specification has it.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-005", severity: Severity::Error, alone: Alone::Content, check };

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
    fn a_block_inside_a_line_is_told() {
        fires(RULE.code, &Book::epub3().body("<p><ul><li>x</li></ul></p>"), &[(CHAPTER, 8)]);
    }

    #[test]
    fn an_attribute_that_there_is_none_of_is_told() {
        fires(RULE.code, &Book::epub3().body("<p colour=\"red\">x</p>"), &[(CHAPTER, 8)]);
    }
}
