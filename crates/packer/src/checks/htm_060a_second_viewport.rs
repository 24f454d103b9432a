//! A fixed-layout document has more than one `viewport`.
//!
//! Why: Readers may take another.
//!
//! Fix: Keep one.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-060a", severity: Severity::Usage, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (_, content) in publication.fixed_layout() {
        for (_, at) in content.viewports.iter().skip(1) {
            report.add(place(&content.path, *at), &[]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER},
        checks::proof::fires,
    };

    #[test]
    fn a_second_viewport_is_told() {
        fires(
            RULE.code,
            &Book::epub3().fixed_layout().viewport(CHAPTER, "width=1,height=1").viewport(CHAPTER, "x=1"),
            &[(CHAPTER, 4)],
        );
    }
}
