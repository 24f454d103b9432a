//! A document is read aloud by another media overlay than its item names.
//!
//! Why: Readers do not find the sound.
//!
//! Fix: Correct `media-overlay` of its item.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::overlays,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "MED-012", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let items = publication.items_by_path();
    for (path, overlays) in overlays::readers(publication).into_iter().filter(|(_, overlays)| overlays.len() == 1) {
        let Some(item) = items.get(path.as_str()) else { continue };
        let named = item.media_overlay.as_deref().and_then(|id| package.item(id));
        let Some(named) = named.and_then(|named| named.path.as_deref()) else { continue };
        if named != overlays[0] {
            report.add(publication.in_package(item.at), &[("name", &path), ("overlay", overlays[0])]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE, READ_ALOUD},
        checks::proof::fires,
    };

    #[test]
    fn the_overlay_of_another_document_is_told() {
        let other = READ_ALOUD.replace("chapter.xhtml", "nav.xhtml");
        fires(
            RULE.code,
            &Book::epub3()
                .read_aloud()
                .item("mp", "b.smil", "application/smil+xml", "", other)
                .edit(PACKAGE, "media-overlay=\"mo\"", "media-overlay=\"mp\"")
                .edit(PACKAGE, "properties=\"nav\"", "properties=\"nav\" media-overlay=\"mp\""),
            &[(PACKAGE, 12)],
        );
    }
}
