//! A document is read aloud, and its item does not say so.
//!
//! Why: Readers do not find the sound.
//!
//! Fix: Add `media-overlay` to its item.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::overlays,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "MED-010", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let items = publication.items_by_path();
    for (path, overlays) in overlays::readers(publication) {
        let Some(item) = items.get(path.as_str()).filter(|item| item.media_overlay.is_none()) else { continue };
        let overlay = overlays.first().copied().unwrap_or_default();
        report.add(publication.in_package(item.at), &[("name", &path), ("overlay", overlay)]);
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
    fn a_document_without_its_overlay_is_told() {
        fires(RULE.code, &Book::epub3().read_aloud().edit(PACKAGE, "media-overlay=\"mo\"", ""), &[(PACKAGE, 12)]);
    }
}
