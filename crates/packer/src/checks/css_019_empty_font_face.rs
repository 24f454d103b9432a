//! A `@font-face` is empty.
//!
//! Why: It declares nothing.
//!
//! Fix: Fill it, or take it out.

use crate::{
    checks::{Alone, Report, Rule, markup},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "CSS-019", severity: Severity::Warning, alone: Alone::Content, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    markup(publication, RULE.code, report);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn an_empty_font_face_is_told() {
        fires(RULE.code, &Book::epub3().item("a", "a.css", "text/css", "", "@font-face { }"), &[("EPUB/a.css", 1)]);
    }
}
