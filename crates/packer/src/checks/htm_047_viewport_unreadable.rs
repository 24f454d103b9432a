//! The `viewport` of a fixed-layout document cannot be read.
//!
//! Why: Readers do not know how large the page is.
//!
//! Fix: Write `width=…, height=…`, in pixels.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::viewport,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-047", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (content, value, at) in viewport::of_fixed(publication) {
        if viewport::read(value).is_none() {
            report.add(place(&content.path, at), &[("value", value)]);
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
    fn a_dimension_without_a_value_is_told() {
        fires(RULE.code, &Book::epub3().fixed_layout().viewport(CHAPTER, "width=600, height="), &[(CHAPTER, 4)]);
    }
}
