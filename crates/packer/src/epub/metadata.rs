//! The metadata of a package document as the values the product goes by. Nothing is guessed.

use super::package::{Meta, Package};
use crate::{
    identifiers::isbn13,
    markup::without_markup,
    metadata::{Accessibility, BookMetadata, Contributor, Identifier, Text},
};

/// Takes the metadata from a package document.
pub fn read(package: &Package) -> BookMetadata {
    let identifiers = identifiers(package);
    let title = main_title(package);
    let source_texts = texts(package, "source");
    BookMetadata {
        format_version: package.version.clone(),
        subtitle: subtitle(package, title),
        title: title.map(|meta| text(package, meta)),
        creators: contributors(package, "creator"),
        contributors: contributors(package, "contributor"),
        publisher: package.dc("publisher").find(|meta| !meta.text.is_empty()).map(|meta| text(package, meta)),
        languages: texts(package, "language"),
        isbn: isbn(&identifiers, &source_texts),
        identifiers,
        date: date(package),
        modified: package.primary("dcterms:modified").map(|meta| meta.text.clone()).find(|text| !text.is_empty()),
        subjects: texts(package, "subject"),
        description: texts(package, "description").first().map(|text| without_markup(text)),
        rights: texts(package, "rights"),
        sources: source_texts,
        series: series(package),
        volume: None,
        issue: None,
        kind: None,
        accessibility: accessibility(package),
        fixed_layout: package.primary("rendition:layout").any(|meta| meta.text == "pre-paginated")
            || package.named("fixed-layout") == Some("true"),
        page_progression: package.page_progression.clone().filter(|value| value != "default"),
        words: None,
        spine: None,
        page_list: false,
    }
}

fn texts(package: &Package, name: &str) -> Vec<String> {
    package.dc(name).filter(|meta| !meta.text.is_empty()).map(|meta| meta.text.clone()).collect()
}

fn refinement(package: &Package, meta: &Meta, property: &str) -> Option<String> {
    package.refinements(meta, property).map(|found| found.text.clone()).find(|text| !text.is_empty())
}

fn text(package: &Package, meta: &Meta) -> Text {
    let alternates = package.refinements(meta, "alternate-script").filter(|found| !found.text.is_empty());
    Text {
        value: meta.text.clone(),
        file_as: refinement(package, meta, "file-as").or_else(|| meta.file_as.clone()).filter(|text| !text.is_empty()),
        alternates: alternates
            .map(|found| (found.language.clone().unwrap_or_default().trim().to_owned(), found.text.clone()))
            .collect(),
    }
}

/// The title that says that it is the main one; else the first by `display-seq`, else by order.
fn main_title(package: &Package) -> Option<&Meta> {
    let titles = || package.dc("title").filter(|meta| !meta.text.is_empty());
    let is_main = |meta: &&Meta| refinement(package, meta, "title-type").as_deref() == Some("main");
    titles().find(is_main).or_else(|| {
        let untyped = titles().filter(|meta| refinement(package, meta, "title-type").is_none());
        untyped.min_by_key(|meta| sequence(package, meta)).or_else(|| titles().next())
    })
}

fn sequence(package: &Package, meta: &Meta) -> u32 {
    refinement(package, meta, "display-seq").and_then(|text| text.parse().ok()).unwrap_or(u32::MAX)
}

fn subtitle(package: &Package, main: Option<&Meta>) -> Option<String> {
    let typed = package.dc("title").find(|meta| refinement(package, meta, "title-type").as_deref() == Some("subtitle"));
    typed.filter(|meta| main.is_none_or(|main| main.at != meta.at)).map(|meta| meta.text.clone())
}

fn contributors(package: &Package, name: &str) -> Vec<Contributor> {
    let mut found: Vec<&Meta> = package.dc(name).filter(|meta| !meta.text.is_empty()).collect();
    // Stable: those without a number keep their order, behind those with one.
    found.sort_by_key(|meta| sequence(package, meta));
    found
        .into_iter()
        .map(|meta| {
            let mut roles: Vec<String> = package
                .refinements(meta, "role")
                .map(|role| role.text.clone())
                .filter(|role| !role.is_empty())
                .collect();
            roles.extend(meta.role.iter().filter(|role| !role.is_empty()).cloned());
            Contributor { name: text(package, meta), roles }
        })
        .collect()
}

/// The one that the package calls unique comes first.
fn identifiers(package: &Package) -> Vec<Identifier> {
    let is_unique = |meta: &Meta| meta.id.is_some() && meta.id == package.unique_identifier;
    let mut metas: Vec<&Meta> = package.dc("identifier").filter(|meta| !meta.text.is_empty()).collect();
    metas.sort_by_key(|meta| !is_unique(meta));
    metas
        .into_iter()
        .map(|meta| {
            let written = meta.scheme.clone().filter(|scheme| !scheme.is_empty());
            let scheme = written.or_else(|| identifier_type(package, meta)).or_else(|| told_scheme(&meta.text));
            Identifier { value: meta.text.clone(), scheme: scheme.map(|scheme| scheme.to_lowercase()) }
        })
        .collect()
}

/// `identifier-type`, a word, or a number of ONIX code list 5.
fn identifier_type(package: &Package, meta: &Meta) -> Option<String> {
    let kind = package.refinements(meta, "identifier-type").next()?;
    let is_onix = kind.scheme.as_deref().is_some_and(|scheme| scheme.contains("codelist5"));
    let word = match kind.text.as_str() {
        "02" | "15" if is_onix => "isbn",
        "06" if is_onix => "doi",
        "22" if is_onix => "urn",
        "03" if is_onix => "gtin",
        "" => return None,
        other => other,
    };
    Some(word.to_owned())
}

fn told_scheme(value: &str) -> Option<String> {
    let lower = value.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("urn:") {
        return rest.split(':').next().map(str::to_owned);
    }
    let schemes = [("http://", "url"), ("https://", "url"), ("doi:", "doi"), ("isbn:", "isbn"), ("10.", "doi")];
    let known = schemes.iter().find(|(start, _)| lower.starts_with(start)).map(|(_, scheme)| (*scheme).to_owned());
    known.or_else(|| isbn13(value).map(|_| "isbn".to_owned()))
}

fn isbn(identifiers: &[Identifier], sources: &[String]) -> Option<String> {
    identifiers
        .iter()
        .map(|identifier| identifier.value.as_str())
        .chain(sources.iter().map(String::as_str))
        .find_map(isbn13)
}

/// EPUB 2 may date several events; the publication's counts, else the first that says none.
fn date(package: &Package) -> Option<String> {
    let dates = || package.dc("date").filter(|meta| !meta.text.is_empty());
    let found = dates()
        .find(|meta| meta.event.as_deref().is_some_and(|event| event.eq_ignore_ascii_case("publication")))
        .or_else(|| dates().find(|meta| meta.event.is_none()));
    found.map(|meta| meta.text.clone())
}

/// EPUB 3 `belongs-to-collection` of type series (or of none), else Calibre's names in EPUB 2.
fn series(package: &Package) -> Option<(String, Option<String>)> {
    let collections = || package.primary("belongs-to-collection").filter(|meta| !meta.text.is_empty());
    let kind = |meta: &&Meta| refinement(package, meta, "collection-type");
    let found = collections()
        .find(|meta| kind(meta).as_deref() == Some("series"))
        .or_else(|| collections().find(|meta| kind(meta).is_none()));
    if let Some(meta) = found {
        return Some((meta.text.clone(), refinement(package, meta, "group-position")));
    }
    let name = package.named("calibre:series")?;
    Some((name.to_owned(), package.named("calibre:series_index").map(str::to_owned)))
}

fn accessibility(package: &Package) -> Accessibility {
    let values = |property: &str| -> Vec<String> {
        let three = package.primary(property).map(|meta| meta.text.clone());
        let two = package
            .metadata
            .iter()
            .filter(|meta| meta.name.as_deref() == Some(property))
            .filter_map(|meta| meta.content.clone());
        three.chain(two).filter(|text| !text.is_empty()).collect()
    };
    let linked = package.metadata.iter().filter(|meta| meta.rel.as_deref() == Some("dcterms:conformsTo"));
    let mut conforms_to = values("dcterms:conformsTo");
    conforms_to.extend(linked.filter_map(|meta| meta.href.clone()));
    let certifiers = || {
        let refining = package.metadata.iter().filter(|meta| meta.property.as_deref() == Some("a11y:certifiedBy"));
        refining.map(|meta| meta.text.clone()).filter(|text| !text.is_empty()).collect()
    };
    Accessibility {
        access_modes: values("schema:accessMode"),
        access_modes_sufficient: values("schema:accessModeSufficient"),
        features: values("schema:accessibilityFeature"),
        hazards: values("schema:accessibilityHazard"),
        summary: values("schema:accessibilitySummary").into_iter().next(),
        conforms_to,
        certified_by: certifiers(),
    }
}
