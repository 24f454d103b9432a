//! The package document lacks metadata that every book must have.
//!
//! Why: A rule of the format is broken; readers may refuse the book or leave out what they cannot read.
//!
//! Fix: Correct the place that is named as the EPUB specification has it.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::date,
    epub::package::Vocabulary,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-005", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    let Some(at) = package.metadata_at else {
        report.add(publication.in_package(package.at), &[("problem", "metadata-missing")]);
        return;
    };
    for (name, problem) in
        [("identifier", "identifier-missing"), ("title", "title-missing"), ("language", "language-missing")]
    {
        if package.dc(name).next().is_none() {
            report.add(publication.in_package(at), &[("problem", problem)]);
        }
    }
    if package.is_epub2() {
        return;
    }
    for meta in package.metadata.iter().filter(|meta| meta.text.is_empty()) {
        let is_meta = meta.vocabulary == Vocabulary::Package && meta.element == "meta" && meta.property.is_some();
        if is_meta || meta.vocabulary == Vocabulary::DublinCore {
            let element = if is_meta { "meta" } else { &format!("dc:{}", meta.element) };
            report.add(publication.in_package(meta.at), &[("problem", "element-empty"), ("element", element)]);
        }
    }
    for meta in package.dc("date").skip(1) {
        report.add(publication.in_package(meta.at), &[("problem", "date-multiple")]);
    }
    let modified: Vec<_> = package.primary("dcterms:modified").collect();
    if modified.len() != 1 {
        report.add(publication.in_package(at), &[("problem", "modified-missing")]);
    }
    for meta in modified {
        let is_instant = meta.text.len() == 20 && meta.text.ends_with('Z') && date::is_w3cdtf(&meta.text);
        if !is_instant && !meta.text.is_empty() {
            report.add(publication.in_package(meta.at), &[("problem", "modified-form"), ("value", &meta.text)]);
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
    fn a_book_without_a_language_is_told() {
        fires(RULE.code, &Book::epub3().edit(PACKAGE, "<dc:language>en</dc:language>", ""), &[(PACKAGE, 3)]);
    }

    #[test]
    fn an_instant_without_its_zone_is_told() {
        fires(RULE.code, &Book::epub3().edit(PACKAGE, "12:00:00Z", "12:00:00"), &[(PACKAGE, 7)]);
    }

    #[test]
    fn an_empty_title_is_told() {
        fires(RULE.code, &Book::epub3().metadata("<dc:title/>"), &[(PACKAGE, 8)]);
    }
}
