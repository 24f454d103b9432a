//! A document whose layout is not fixed has a `viewport`.
//!
//! Why: Readers pass over it.
//!
//! Fix: Take it out, or declare the layout as fixed.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::{Publication, content::Content},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-060b", severity: Severity::Usage, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    let fixed: HashSet<&str> = publication.fixed_layout().map(|(_, content)| content.path.as_str()).collect();
    let is_reflowable = |content: &&Content| content.is_xhtml && !fixed.contains(content.path.as_str());
    for content in publication.contents.iter().filter(is_reflowable) {
        for (_, at) in &content.viewports {
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
    fn a_viewport_without_fixed_layout_is_told() {
        fires(RULE.code, &Book::epub3().viewport(CHAPTER, "width=1"), &[(CHAPTER, 4)]);
    }
}
