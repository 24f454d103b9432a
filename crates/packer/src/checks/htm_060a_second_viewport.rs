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
    for item in publication.fixed_layout() {
        let Some(content) = publication.path_of(item).and_then(|path| publication.content(&path)) else { continue };
        for (_, at) in content.viewports.iter().skip(1) {
            report.add(place(&content.path, *at), &[]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER, NAVIGATION},
        checks::proof::fires,
    };

    #[test]
    fn a_second_viewport_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .metadata("<meta property=\"rendition:layout\">pre-paginated</meta>")
                .edit(NAVIGATION, "</head>", "<meta name=\"viewport\" content=\"width=1,height=1\"/></head>")
                .edit(CHAPTER, "</head>", "<meta name=\"viewport\" content=\"width=1,height=1\"/></head>")
                .edit(CHAPTER, "</head>", "<meta name=\"viewport\" content=\"x=1\"/></head>"),
            &[(CHAPTER, 4)],
        );
    }
}
