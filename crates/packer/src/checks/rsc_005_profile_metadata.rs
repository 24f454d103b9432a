//! The metadata lack what the publication’s own profile of EPUB asks for.
//!
//! Why: A rule of the format is broken; readers may refuse the book or leave out what they cannot read.
//!
//! Fix: Correct the place that is named as the EPUB specification has it.

use crate::{
    checks::{Alone, Report, Rule},
    epub::renditions::METADATA,
    epub::{EpubProfile, Publication, package::Package},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-005", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let at = publication.in_package(package.metadata_at.unwrap_or(package.at));
    let word = publication.profile.word();
    let untyped = [("problem", "type-missing"), ("value", word)];
    if !word.is_empty() && !package.has_type(word) {
        report.add(at.clone(), &untyped);
    }
    match publication.profile {
        EpubProfile::Edupub => {
            if package.primary(FEATURE).next().is_none() {
                report.add(at, &[("problem", "property-absent"), ("property", FEATURE)]);
            }
            let renditions = &publication.renditions;
            for (path, _) in renditions.others.iter().filter(|(_, types)| !types.iter().any(|own| own == word)) {
                report.add(Place::file(path), &untyped);
            }
            if let Some(whole) = renditions.metadata.as_ref().filter(|whole| !whole.types.iter().any(|own| own == word))
            {
                report.add(Place::at(METADATA, whole.at.line, whole.at.column), &untyped);
            }
        }
        EpubProfile::Preview => {
            let unique = package.unique_identifier.as_deref();
            let own = package.dc("identifier").find(|meta| meta.id.is_some() && meta.id.as_deref() == unique);
            for source in package.dc("source").filter(|source| own.is_some_and(|own| own.text == source.text)) {
                report.add(publication.in_package(source.at), &[("problem", "source-itself"), ("value", &source.text)]);
            }
        }
        EpubProfile::Dictionary => languages(publication, package, report),
        EpubProfile::Default | EpubProfile::Index => {}
    }
}

/// The languages of a dictionary: from one, into one or more, each a language of the publication (EPUB Dictionaries and
/// Glossaries 1.0, 2.2.2).
fn languages(publication: &Publication<'_>, package: &Package, report: &mut Report) {
    let dictionaries: Vec<_> = package.collections.iter().filter(|one| one.has_role("dictionary")).collect();
    let known: Vec<&str> = package.dc("language").map(|language| language.text.as_str()).collect();
    let mut judge = |property: &str, found: &[(&str, _)], is_needed: bool, at| {
        if found.is_empty() && is_needed {
            report.add(publication.in_package(at), &[("problem", "property-absent"), ("property", property)]);
        }
        if property == SOURCE && found.len() > 1 {
            report.add(publication.in_package(found[1].1), &[("problem", "property-repeats"), ("property", property)]);
        }
        for (value, at) in
            found.iter().filter(|(value, _)| !known.iter().any(|known| known.eq_ignore_ascii_case(value)))
        {
            let data = [("problem", "language-undeclared"), ("property", property), ("value", *value)];
            report.add(publication.in_package(*at), &data);
        }
    };
    for property in [SOURCE, "target-language"] {
        let whole: Vec<_> = package.primary(property).map(|meta| (meta.text.as_str(), meta.at)).collect();
        judge(property, &whole, dictionaries.is_empty(), package.metadata_at.unwrap_or(package.at));
        for dictionary in &dictionaries {
            let own = dictionary.properties.iter().filter(|meta| meta.property == property);
            let own: Vec<_> = own.map(|meta| (meta.text.as_str(), meta.at)).collect();
            judge(property, &own, whole.is_empty(), dictionary.at);
        }
    }
}

const FEATURE: &str = "schema:accessibilityFeature";
const SOURCE: &str = "source-language";

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires_as,
        epub::EpubProfile,
    };

    #[test]
    fn a_book_that_is_judged_as_what_it_is_not_is_told() {
        fires_as(EpubProfile::Index, RULE.code, &Book::epub3().index(), &[(PACKAGE, 3)]);
    }

    #[test]
    fn the_languages_of_a_dictionary_are_looked_at() {
        let without = Book::dictionary().edit(PACKAGE, "<meta property=\"source-language\">en</meta>", "");
        fires_as(EpubProfile::Dictionary, RULE.code, &without, &[(PACKAGE, 3)]);
        let other = Book::dictionary().edit(PACKAGE, "target-language\">en", "target-language\">fr");
        fires_as(EpubProfile::Dictionary, RULE.code, &other, &[(PACKAGE, 8)]);
        let twice = Book::dictionary().metadata("<meta property=\"source-language\">en</meta>");
        fires_as(EpubProfile::Dictionary, RULE.code, &twice, &[(PACKAGE, 9)]);
    }

    #[test]
    fn a_preview_of_itself_is_told() {
        let source = "<dc:type>preview</dc:type><dc:source>urn:uuid:7d3a1f3e-54a3-4ac0-9a1c-0f3b6d3ffb0a</dc:source>";
        fires_as(EpubProfile::Preview, RULE.code, &Book::epub3().metadata(source), &[(PACKAGE, 8)]);
    }

    #[test]
    fn a_publication_for_education_says_how_it_can_be_read() {
        let book = Book::epub3().metadata("<dc:type>edupub</dc:type>");
        fires_as(EpubProfile::Edupub, RULE.code, &book, &[(PACKAGE, 3)]);
    }
}
