//! A style sheet sets the direction of text.
//!
//! Why: Readers set the direction of text from the markup; a style sheet that sets it may make it unreadable.
//!
//! Fix: Use the attribute `dir` and the element `bdo` instead.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "CSS-001", severity: Severity::Error, alone: Alone::Content, check };

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
    fn a_direction_is_told() {
        fires(
            RULE.code,
            &Book::epub3().edit(CHAPTER, "</head>", "<style>p { direction: rtl }</style></head>"),
            &[(CHAPTER, 4)],
        );
    }
}
