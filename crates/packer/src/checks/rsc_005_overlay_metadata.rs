//! Metadata of media overlays are missing or wrong (EPUB 3.3, 9.3.5 and appendix D.8).
//!
//! Why: A rule of the format is broken; readers may refuse the book or leave out what they cannot read.
//!
//! Fix: Correct the place that is named as the EPUB specification has it.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::clock,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-005", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let mut add = |at, problem: &str, property: &str, value: &str| {
        let data = [("problem", problem), ("property", property), ("value", value)];
        report.add(publication.in_package(at), &data);
    };
    for property in CLASSES {
        let found = package.metadata.iter().filter(|meta| meta.property.as_deref() == Some(property));
        for (index, meta) in found.enumerate() {
            if index == 1 {
                add(meta.at, "property-repeats", property, "");
            }
            if meta.refines.is_some() {
                add(meta.at, "refines-forbidden", property, "");
            }
            if meta.text.split_whitespace().count() > 1 {
                add(meta.at, "property-value", property, &meta.text);
            }
        }
    }
    let durations = || package.metadata.iter().filter(|meta| meta.property.as_deref() == Some(DURATION));
    for meta in durations().filter(|meta| clock::seconds(&meta.text).is_none()) {
        add(meta.at, "property-value", DURATION, &meta.text);
    }
    let overlays = || package.items.iter().filter(|item| item.media_overlay.is_some());
    if overlays().next().is_some() && !durations().any(|meta| meta.refines.is_none()) {
        add(package.metadata_at.unwrap_or(package.at), "property-absent", DURATION, "");
    }
    for item in overlays() {
        let named = item.media_overlay.as_deref().and_then(|id| package.item(id));
        if named.is_some_and(|named| named.kind() != "application/smil+xml") {
            add(item.at, "overlay-type", "", "");
        }
    }
}

/// Names of classes, each at most once for the whole publication.
const CLASSES: [&str; 2] = ["media:active-class", "media:playback-active-class"];
const DURATION: &str = "media:duration";

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn a_duration_that_is_none_is_told() {
        fires(RULE.code, &Book::epub3().metadata("<meta property=\"media:duration\">45mon</meta>"), &[(PACKAGE, 8)]);
    }
}
