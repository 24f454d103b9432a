//! A font has an empty address.
//!
//! Why: The font is not found.
//!
//! Fix: Write the path of the font, or take the rule out.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "CSS-002", severity: Severity::Error, alone: Alone::Content, check };

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
    fn an_empty_address_is_told() {
        fires(
            RULE.code,
            &Book::epub3().edit(CHAPTER, "</head>", "<style>@font-face { src: url('') }</style></head>"),
            &[(CHAPTER, 4)],
        );
    }
}
