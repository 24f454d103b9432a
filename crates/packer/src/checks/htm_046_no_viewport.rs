//! A fixed-layout document does not say how large its page is.
//!
//! Why: Readers do not know how large the page is.
//!
//! Fix: Add `<meta name="viewport" content="width=…, height=…"/>`.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-046", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (_, content) in publication.fixed_layout() {
        if content.is_xhtml && content.viewports.is_empty() {
            report.add(Place::file(&content.path), &[]);
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
    fn a_page_of_no_size_is_told() {
        fires(RULE.code, &Book::epub3().fixed_layout(), &[(CHAPTER, 0)]);
    }
}
