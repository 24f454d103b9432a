//! What a book's EXTH records say, as the metadata of a book.

use super::{header::Header, locale};
use crate::{
    identifiers::isbn13,
    markup::without_markup,
    metadata::{BookMetadata, Contributor, Identifier, Text},
};

const AUTHOR: u32 = 100;
const PUBLISHER: u32 = 101;
const DESCRIPTION: u32 = 103;
const ISBN: u32 = 104;
const SUBJECT: u32 = 105;
const PUBLISHED: u32 = 106;
const CONTRIBUTOR: u32 = 108;
const RIGHTS: u32 = 109;
const SOURCE: u32 = 112;
const ASIN: u32 = 113;
const FIXED_LAYOUT: u32 = 122;
const UPDATED_TITLE: u32 = 503;
const LANGUAGE: u32 = 524;
const PROGRESSION: u32 = 527;

/// Takes the metadata from a header. `versions` are those of both halves of a joint file.
pub(super) fn read(header: &Header, name: &str, versions: &str) -> BookMetadata {
    let first = |kind: u32| header.texts(kind).next();
    let text = |value: String| Text { value, ..Text::default() };
    let person = |value: String| Contributor { name: text(value), roles: Vec::new() };
    // The name of the database is cut and has no spaces: it is better than nothing for the oldest books only.
    let title = first(UPDATED_TITLE)
        .or_else(|| header.full_name.as_deref().map(|name| header.text(name)))
        .or_else(|| (!header.has_mobi).then(|| name.replace('_', " ")))
        .filter(|title| !title.is_empty());
    let authors: Vec<String> = header.texts(AUTHOR).flat_map(|names| separated(&names)).collect();
    let numbers: Vec<String> = header.texts(ISBN).collect();
    let sources: Vec<String> = header.texts(SOURCE).collect();
    let isbn = numbers.iter().chain(&sources).find_map(|number| isbn13(number));
    // Converters write an identifier of their own where the shop's belongs.
    let shop = first(ASIN).map(|number| (if is_asin(&number) { "asin" } else { "uuid" }, number));
    let identifiers = numbers.iter().map(|number| ("isbn", number.clone())).chain(shop);
    BookMetadata {
        format_version: Some(versions.to_owned()),
        title: title.map(text),
        creators: authors.into_iter().map(person).collect(),
        contributors: header.texts(CONTRIBUTOR).map(person).collect(),
        publisher: first(PUBLISHER).map(text),
        languages: first(LANGUAGE).or_else(|| locale::tag(header.locale).map(str::to_owned)).into_iter().collect(),
        identifiers: identifiers.map(|(scheme, value)| Identifier { value, scheme: Some(scheme.to_owned()) }).collect(),
        isbn,
        date: first(PUBLISHED),
        subjects: header.texts(SUBJECT).flat_map(|subjects| separated(&subjects)).collect(),
        description: first(DESCRIPTION).map(|text| without_markup(&text)),
        rights: header.texts(RIGHTS).collect(),
        sources,
        fixed_layout: first(FIXED_LAYOUT).is_some_and(|value| value == "true"),
        page_progression: first(PROGRESSION),
        ..BookMetadata::default()
    }
}

/// Ten capital letters and digits.
fn is_asin(number: &str) -> bool {
    number.len() == 10 && number.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Some makers write several values into one record, with semicolons between them.
fn separated(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
