//! What the container says of several renditions cannot be followed (EPUB Multiple-Rendition Publications 1.1).
//!
//! Why: A rule of the format is broken; readers may refuse the book or leave out what they cannot read.
//!
//! Fix: Correct the place that is named as the EPUB specification has it.

use crate::{
    checks::place,
    checks::{Alone, Report, Rule},
    epub::{Publication, renditions::METADATA},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-005", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let renditions = &publication.renditions;
    if publication.is_epub2() || renditions.others.is_empty() {
        return;
    }
    for rootfile in &publication.rootfiles {
        let at = || place(CONTAINER, rootfile.at);
        for (attribute, value) in &rootfile.selection {
            if !SELECTIONS.contains(&attribute.as_str()) {
                report.add(at(), &[("problem", "selection-unknown"), ("attribute", attribute)]);
            }
            if attribute == "media" && !value.split(',').all(is_media_query) {
                report.add(at(), &[("problem", "media-query"), ("value", value)]);
            }
        }
    }
    if let Some((_, at)) = renditions.mappings.get(1) {
        report.add(place(CONTAINER, *at), &[("problem", "mapping-repeats")]);
    }
    if let Some(whole) = &renditions.metadata {
        if !whole.has_identifier {
            report.add(place(METADATA, whole.at), &[("problem", "identifier-missing")]);
        }
        if whole.modified != 1 {
            report.add(place(METADATA, whole.at), &[("problem", "modified-missing")]);
        }
    }
    for (path, fault) in &renditions.mapping_faults {
        report.add(place(path, fault.at), &[("problem", fault.problem)]);
    }
}

const CONTAINER: &str = "META-INF/container.xml";
/// The attributes by which a rendition is chosen.
const SELECTIONS: [&str; 5] = ["accessMode", "label", "language", "layout", "media"];
/// The media types of Media Queries 3 and 4.
const MEDIA: [&str; 11] =
    ["all", "aural", "braille", "embossed", "handheld", "print", "projection", "screen", "speech", "tty", "tv"];

/// True for a media query: a media type, features in parentheses, or both, joined by `and`.
fn is_media_query(query: &str) -> bool {
    let query = query.trim().to_ascii_lowercase();
    let query = ["only ", "not "].into_iter().find_map(|word| query.strip_prefix(word)).unwrap_or(&query);
    query.split(" and ").enumerate().all(|(index, part)| {
        let part = part.trim();
        let feature = part.strip_prefix('(').and_then(|part| part.strip_suffix(')'));
        match feature {
            Some(feature) => feature.trim().starts_with(|first: char| first.is_ascii_alphabetic() || first == '-'),
            None => index == 0 && MEDIA.contains(&part),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CONTAINER},
        checks::proof::fires,
        epub::renditions::METADATA,
    };

    #[test]
    fn selections_that_nobody_knows_are_told() {
        let known = "rendition:media=\"screen and (min-width: 60em), print\"";
        fires(RULE.code, &Book::epub3().second_rendition(known), &[]);
        for wrong in ["rendition:media=\"wide\"", "rendition:colour=\"red\""] {
            fires(RULE.code, &Book::epub3().second_rendition(wrong), &[(CONTAINER, 5)]);
        }
    }

    #[test]
    fn metadata_of_the_whole_are_complete() {
        let book = Book::epub3().second_rendition("rendition:layout=\"reflowable\"");
        let without = book.edit(METADATA, "<meta property=\"dcterms:modified\">2024-02-29T12:00:00Z</meta>", "");
        fires(RULE.code, &without, &[(METADATA, 1)]);
    }
}
