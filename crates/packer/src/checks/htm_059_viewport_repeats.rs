//! A `viewport` has a dimension more than once.
//!
//! Why: Readers do not know which counts.
//!
//! Fix: Keep one.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::viewport,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-059", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (content, value, at) in viewport::of_fixed(publication) {
        let properties = viewport::read(value).unwrap_or_default();
        for wanted in viewport::DIMENSIONS {
            if properties.iter().filter(|(name, _)| *name == wanted).count() > 1 {
                report.add(place(&content.path, at), &[("property", wanted)]);
            }
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
    fn two_widths_are_told() {
        fires(
            RULE.code,
            &Book::epub3().fixed_layout().viewport(CHAPTER, "width=600, height=800, width=700"),
            &[(CHAPTER, 4)],
        );
    }
}
