//! A link of the metadata is not what it may be (EPUB 3.3, 5.5.7).
//!
//! Why: A rule of the format is broken; readers may refuse the book or leave out what they cannot read.
//!
//! Fix: Correct the place that is named as the EPUB specification has it.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-005", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for meta in package.metadata.iter().filter(|meta| meta.element == "link") {
        if meta.properties.as_deref().is_some_and(|properties| properties.trim().is_empty()) {
            let data =
                [("problem", "attribute-value"), ("element", "link"), ("attribute", "properties"), ("value", "")];
            report.add(publication.in_package(meta.at), &data);
        }
        let is_record = meta.rel.as_deref().unwrap_or_default().split_ascii_whitespace().any(|word| word == "record");
        if is_record && meta.refines.is_some() {
            report.add(publication.in_package(meta.at), &[("problem", "refines-forbidden"), ("property", "record")]);
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
    fn a_record_of_a_part_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .metadata(
                    "<link rel=\"record\" refines=\"#t\" href=\"https://a.example/\" media-type=\"application/xml\"/>",
                )
                .edit(PACKAGE, "<dc:title>", "<dc:title id=\"t\">"),
            &[(PACKAGE, 8)],
        );
    }
}
