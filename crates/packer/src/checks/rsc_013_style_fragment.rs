//! A style sheet is referred to with a fragment.
//!
//! Why: Style sheets have no parts.
//!
//! Fix: Take the fragment away.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::content::Use,
    epub::url::Link,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-013", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (content, reference, link) in publication.links().filter(|(_, reference, _)| reference.kind == Use::Style) {
        if matches!(link, Link::Inside(inside) if inside.fragment.is_some() && inside.path != content.path) {
            report.add(place(&content.path, reference.at), &[("href", &reference.href)]);
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
    fn a_part_of_a_style_sheet_is_told() {
        fires(
            RULE.code,
            &Book::epub3().item("a", "a.css", "text/css", "", "").edit(
                CHAPTER,
                "</head>",
                "<link rel=\"stylesheet\" href=\"a.css#x\"/></head>",
            ),
            &[(CHAPTER, 4)],
        );
    }
}
