//! A fixed-layout drawing does not say how large it is.
//!
//! Why: Readers do not know how large the page is.
//!
//! Fix: Add `viewBox` to the outermost `svg`.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-048", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (item, content) in publication.fixed_layout() {
        if item.kind() == "image/svg+xml" && !content.has_frame {
            report.add(Place::file(&content.path), &[]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_drawing_of_no_size_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .item("s", "s.svg", "image/svg+xml", "", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
                .spine("s", "properties=\"rendition:layout-pre-paginated\""),
            &[("EPUB/s.svg", 0)],
        );
    }
}
