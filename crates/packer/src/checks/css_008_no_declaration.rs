//! What stands in a block of a style sheet is no declaration.
//!
//! Why: Readers pass over it, and sometimes over what follows.
//!
//! Fix: Write the property, a colon and the value.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "CSS-008", severity: Severity::Error, alone: Alone::Content, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    markup(publication, RULE.code, report);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_declaration_without_a_colon_is_told() {
        fires(RULE.code, &Book::epub3().item("a", "a.css", "text/css", "", "p {\n color red }"), &[("EPUB/a.css", 2)]);
    }
}
