//! What a PDF says of itself: XMP first, the older information dictionary where XMP says nothing.

use super::{
    file::{PdfFile, Stop},
    object::{Dictionary, Object},
    text,
    xmp::{self, Xmp},
};
use crate::{
    identifiers::isbn13,
    limits::Limits,
    markup::without_markup,
    metadata::{BookMetadata, Contributor, Identifier, Text},
};

/// Reads the metadata; true when there is XMP and it cannot be read.
pub(super) fn read(
    file: &mut PdfFile<'_>,
    root: &Dictionary,
    limits: &Limits,
    book: &mut BookMetadata,
) -> Result<bool, Stop> {
    let (xmp, is_broken) = read_xmp(file, root, limits)?;
    let trailer = file.trailer.clone();
    let info = file.table(&trailer, "Info")?;
    let mut told =
        |name: &str| -> Result<Option<String>, Stop> { Ok(file.value(&info, name)?.string().and_then(text::decode)) };
    let (title, author) = (told("Title")?, told("Author")?);
    let (subject, keywords) = (told("Subject")?, told("Keywords")?);
    let created = file.value(&info, "CreationDate")?.string().and_then(text::date);
    let changed = file.value(&info, "ModDate")?.string().and_then(text::date);
    let language = file.value(root, "Lang")?.string().and_then(text::decode);

    let plain = |value: String| Text { value, ..Text::default() };
    let person = |value: String| Contributor { name: plain(value), roles: Vec::new() };
    let creators = if xmp.creators.is_empty() { author.into_iter().collect() } else { xmp.creators };
    let numbers = xmp.isbn.iter().chain(&xmp.identifiers).chain(&xmp.sources);
    book.isbn = numbers.into_iter().find_map(|number| isbn13(number));
    book.title = xmp.title.or(title).map(plain);
    book.creators = creators.into_iter().map(person).collect();
    book.contributors = xmp.contributors.into_iter().map(person).collect();
    book.publisher = xmp.publishers.into_iter().next().map(plain);
    book.languages = if xmp.languages.is_empty() { language.into_iter().collect() } else { xmp.languages };
    book.identifiers = xmp.identifiers.into_iter().map(|value| Identifier { value, scheme: None }).collect();
    book.date = xmp.date;
    // A file is made when its edition is, and says more of that than its last change.
    book.modified = xmp.created.or(created).or(xmp.modified).or(changed);
    book.subjects = if xmp.subjects.is_empty() { separated(keywords.as_deref()) } else { xmp.subjects };
    book.description = xmp.description.or(subject).map(|text| without_markup(&text));
    book.rights = xmp.rights;
    book.sources = xmp.sources;
    book.fixed_layout = true;
    let claims = [xmp.pdf_a.map(|level| format!("PDF/A-{level}")), xmp.pdf_ua.map(|part| format!("PDF/UA-{part}"))];
    book.accessibility.conforms_to = claims.into_iter().flatten().collect();
    Ok(is_broken)
}

fn read_xmp(file: &mut PdfFile<'_>, root: &Dictionary, limits: &Limits) -> Result<(Xmp, bool), Stop> {
    let Object::Stream(dictionary, data) = file.value(root, "Metadata")? else { return Ok((Xmp::default(), false)) };
    let found = file.stream(&dictionary, data)?.and_then(|bytes| xmp::read(&bytes, limits));
    Ok(found.map_or_else(|| (Xmp::default(), true), |xmp| (xmp, false)))
}

/// Keywords stand in one text, with commas or semicolons between them.
fn separated(text: Option<&str>) -> Vec<String> {
    let parts = text.unwrap_or_default().split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}
