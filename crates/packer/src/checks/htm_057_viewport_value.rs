//! A dimension of a `viewport` is no number of pixels.
//!
//! Why: It is a number of pixels, without a unit.
//!
//! Fix: Write the number alone.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::viewport,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-057", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (content, value, at) in viewport::of_fixed(publication) {
        for (name, value) in viewport::read(value).unwrap_or_default() {
            if !viewport::is_dimension(name, value) {
                report.add(place(&content.path, at), &[("property", name), ("value", value)]);
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
    fn a_unit_is_told() {
        fires(RULE.code, &Book::epub3().fixed_layout().viewport(CHAPTER, "width=600px, height=800"), &[(CHAPTER, 4)]);
    }
}
