//! A document whose layout is not fixed has a `viewport`.
//!
//! Why: Readers pass over it.
//!
//! Fix: Take it out, or declare the layout as fixed.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-060b", severity: Severity::Usage, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    let fixed: HashSet<String> = publication.fixed_layout().filter_map(|item| publication.path_of(item)).collect();
    for content in publication.contents.iter().filter(|content| content.is_xhtml && !fixed.contains(&content.path)) {
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
        fires(
            RULE.code,
            &Book::epub3().edit(CHAPTER, "</head>", "<meta name=\"viewport\" content=\"width=1\"/></head>"),
            &[(CHAPTER, 4)],
        );
    }
}
