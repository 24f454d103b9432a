//! The `viewport` of a fixed-layout document lacks a dimension.
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
pub(super) const RULE: Rule = Rule { code: "HTM-056", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (content, value, at) in viewport::of_fixed(publication) {
        let Some(properties) = viewport::read(value) else { continue };
        for wanted in viewport::DIMENSIONS {
            if !properties.iter().any(|(name, _)| *name == wanted) {
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
    fn a_page_without_a_height_is_told() {
        fires(RULE.code, &Book::epub3().fixed_layout().viewport(CHAPTER, "width=600"), &[(CHAPTER, 4)]);
    }
}
