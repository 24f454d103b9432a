//! An item names a media overlay that does not read it aloud.
//!
//! Why: Readers offer sound that is not there.
//!
//! Fix: Take `media-overlay` out, or correct it.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::overlays,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "MED-013", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let read = overlays::readers(publication);
    for (item, path) in publication.items().filter(|(item, _)| item.media_overlay.is_some()) {
        let is_known = publication.content(path).is_some();
        if is_known && !read.contains_key(path) && !publication.has_dropped_links {
            report.add(publication.in_package(item.at), &[("name", path)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn an_overlay_of_other_text_is_told() {
        fires(
            RULE.code,
            &Book::epub3().read_aloud().edit(PACKAGE, "properties=\"nav\"", "properties=\"nav\" media-overlay=\"mo\""),
            &[(PACKAGE, 11)],
        );
    }
}
