//! From a request to a plan: everything that a package will be, without reading a byte of the book.
//!
//! It is pure and fast, since the review page asks for it with every key.

use crate::{
    archive::rar::VolumeLayout,
    finding::{Finding, FindingCode, Severity},
    info::{
        diz::{self, Diz},
        nfo,
        variables::Variables,
    },
    inspect::Protection,
    metadata::{BookMetadata, Field, Fields, Overrides},
    name::{
        Tag,
        compose::{Composer, compose},
        preference,
    },
    overrides::{self, ValueFault, WrongValue},
    plan::{Contents, Plan, PlanError, Request},
    planned_files,
    profile::{Layout, VolumeRules},
    resolve::{self, NOBODY, Resolution, resolve_mended},
    rights,
    transliterate::Tables,
    volume_id,
};

/// A field that the profile requires has no value.
pub const FIELD_MISSING: FindingCode = FindingCode::new("ESP-321");
/// A correction must name the release that it corrects.
pub const CORRECTS_NOTHING: FindingCode = FindingCode::new("ESP-405");

/// The most chapters that a template sees.
const MOST_CHAPTERS: usize = 200;

/// Makes the plan of a release. The same request gives the same plan.
pub fn prepare(request: &Request<'_>) -> Result<Plan, PlanError> {
    let Request { book, profile, group, .. } = *request;
    refuse(request)?;
    let overrides = checked(request)?;
    let Resolution { fields, findings: mut own } =
        resolve_mended(&book.metadata, book.format, request.file_name, &overrides, request.date, &profile.fixes);
    own.extend(missing(request, &fields));
    let composition = compose(Composer {
        fields: &fields,
        metadata: &book.metadata,
        group,
        format: book.format,
        naming: &profile.naming,
        transliterator: &Tables,
    })
    .map_err(|error| PlanError::Field { field: Field::Title.word(), fault: error.into() })?;
    own.extend(composition.findings);
    own.extend(rights::findings(request.rights, &book.metadata.rights));

    let name = composition.name;
    let book_file_name = format!("{name}.{}", book.format.extension());
    let has_book = Contents::of_tags(&fields.tags) == Contents::Whole;
    let volumes = match &profile.volumes {
        Some(rules) if has_book => Some(volumes_of(request.book_size, book_file_name.len(), rules)?),
        _ => None,
    };
    let volume_id = volumes.as_ref().map(|_| request.volume_id.cloned().unwrap_or_else(|| volume_id::derive(&name, 0)));

    let mut variables = variables_of(request, &fields);
    variables.name = name.to_string();
    variables.disks = volumes.map(|(_, layout)| layout.volumes());
    let nfo_template = request.nfo_template.unwrap_or_else(|| profile.nfo.template_text());
    let latin = in_latin(&variables, &fields, &book.metadata);
    let nfo = nfo::render(nfo_template, &variables, &latin, &profile.nfo, &Tables)
        .map_err(|error| PlanError::Template { template: "NFO", error })?;
    own.extend(nfo.findings);
    let Diz { files: diz, findings } = match (&profile.diz, volumes) {
        (Some(rules), Some((_, layout))) => {
            let text = request.diz_template.unwrap_or_else(|| rules.template_text());
            diz::render(text, &latin, layout.volumes(), rules, &Tables)
                .map_err(|error| PlanError::Template { template: "DIZ", error })?
        }
        _ => Diz { files: Vec::new(), findings: Vec::new() },
    };
    own.extend(findings);

    let mut findings: Vec<Finding> = book.findings.iter().cloned().chain(own).collect();
    for finding in &mut findings {
        profile.judge(finding);
    }
    let blocking = (0..findings.len()).filter(|index| profile.blocks(&findings[*index])).collect();
    let has_cover = has_book && profile.layout != Layout::SceneEbook;
    let cover = if has_cover { book.cover.clone() } else { None };
    let mut plan = Plan {
        name,
        components: composition.components,
        fields,
        group: group.clone(),
        rights: request.rights.cloned(),
        date: request.date,
        format: book.format,
        book_size: request.book_size,
        book_sha256: None,
        book_file_name,
        profile: (profile.name.clone(), profile.version),
        layout: profile.layout,
        volume_id,
        volume_size: volumes.map(|(size, _)| size),
        volumes: volumes.map(|(_, layout)| layout.volumes()),
        bag: profile.bag.as_ref().filter(|_| has_book).map(|rules| rules.serialization),
        nfo_text: nfo.text,
        nfo: nfo.bytes,
        diz,
        cover,
        metadata: book.metadata.clone(),
        files: Vec::new(),
        findings,
        blocking,
    };
    plan.files = planned_files::of(&plan, volumes.map(|(_, layout)| layout));
    Ok(plan)
}

/// Refuses what can never be packed.
fn refuse(request: &Request<'_>) -> Result<(), PlanError> {
    match &request.book.protection {
        Protection::None | Protection::ObfuscatedFonts => {}
        Protection::Drm(scheme) => return Err(PlanError::Protected(scheme.name().to_owned())),
        Protection::Unknown => return Err(PlanError::Protected("an unknown scheme".to_owned())),
    }
    let (profile, format) = (request.profile, request.book.format);
    if profile.accepts(format) { Ok(()) } else { Err(PlanError::Format { profile: profile.name.clone(), format }) }
}

/// The overrides in their proper form, all of them allowed under the profile.
fn checked(request: &Request<'_>) -> Result<Overrides, PlanError> {
    let wrong = |WrongValue { field, fault }| PlanError::Field { field: field.word(), fault };
    let overrides = overrides::checked(request.overrides).map_err(wrong)?;
    match request.profile.naming.unknown_tag(&overrides) {
        None => Ok(overrides),
        Some(tag) => {
            let fault = ValueFault::ForeignTag { tag: tag.to_owned(), profile: request.profile.name.clone() };
            Err(wrong(WrongValue { field: Field::Tags, fault }))
        }
    }
}

/// What the profile asks for and the release does not have.
fn missing(request: &Request<'_>, fields: &Fields) -> Vec<Finding> {
    let required = request.profile.required.get(&fields.kind).map(Vec::as_slice).unwrap_or_default();
    let mut findings: Vec<Finding> = required
        .iter()
        .filter(|field| !fields.origins.contains_key(*field))
        .map(|field| Finding::new(FIELD_MISSING, Severity::Error).with("field", field.word()))
        .collect();
    let corrects = fields.tags.iter().filter_map(|tag| tag.parse::<Tag>().ok()).find(|tag| tag.is_correction());
    if let Some(tag) = corrects.filter(|_| fields.corrects.is_none()) {
        findings.push(Finding::new(CORRECTS_NOTHING, Severity::Error).with("tag", tag.word()));
    }
    findings
}

/// The volume size and the layout of the first size that needs few enough volumes.
fn volumes_of(book_size: u64, name_len: usize, rules: &VolumeRules) -> Result<(u64, VolumeLayout), PlanError> {
    for &size in &rules.sizes {
        if let Ok(layout) = VolumeLayout::new(book_size, name_len, size)
            && layout.volumes() <= rules.most
        {
            return Ok((size, layout));
        }
    }
    Err(PlanError::TooLarge { size: book_size, limit: largest_book(name_len, rules) })
}

/// The largest book that goes into the volumes, in bytes.
fn largest_book(name_len: usize, rules: &VolumeRules) -> u64 {
    let size = rules.sizes.last().copied().unwrap_or_default();
    // A book that fills all volumes but one leaves every volume but the last full: that is the room of each.
    let nearly = size.saturating_mul(u64::from(rules.most.saturating_sub(1)));
    match VolumeLayout::new(nearly, name_len, size) {
        Ok(layout) if layout.volumes() > 1 => layout.data_of(0).saturating_mul(u64::from(rules.most)),
        _ => size,
    }
}

/// The values of the templates, all but the name and the volumes.
fn variables_of(request: &Request<'_>, fields: &Fields) -> Variables {
    let metadata = &request.book.metadata;
    let line = |text: &Option<String>| text.as_deref().and_then(resolve::one_line);
    let top = request.book.chapters.iter().filter(|chapter| chapter.depth == 0);
    Variables {
        name: String::new(),
        group: request.group.to_string(),
        release_date: request.date.to_string(),
        title: fields.title.clone(),
        subtitle: line(&metadata.subtitle),
        authors: fields.authors.clone(),
        author: author_line(&fields.authors, fields.publisher.as_deref()),
        publisher: fields.publisher.clone(),
        publication_date: publication_date(fields, metadata.date.as_deref()),
        year: fields.year.to_string(),
        language: fields.language.as_deref().map(english_word),
        language_tag: fields.language.clone(),
        kind: fields.kind.word().to_owned(),
        source: fields.source.tag().to_owned(),
        format: request.book.format.tag().to_owned(),
        edition: fields.edition.clone(),
        volume: fields.volume.clone(),
        issue: fields.issue.clone(),
        issue_date: fields.issue_date.clone(),
        isbn: fields.isbn.as_deref().map(hyphenated),
        genre: fields.genre.clone(),
        url: fields.url.clone(),
        description: fields.description.clone(),
        tags: fields.tags.clone(),
        corrects: fields.corrects.clone(),
        rights_basis: request.rights.map(|rights| rights.basis.word().to_owned()),
        rights_note: request.rights.and_then(|rights| line(&rights.note)),
        size: request.book_size,
        words: metadata.words,
        chapters: top.filter_map(|chapter| resolve::one_line(&chapter.label)).take(MOST_CHAPTERS).collect(),
        disks: None,
        disk: None,
    }
}

/// The same values with the Latin forms that the book gives of its names, for texts that can show no other letters.
fn in_latin(variables: &Variables, fields: &Fields, metadata: &BookMetadata) -> Variables {
    let authors: Vec<String> = fields.authors.iter().map(|author| preference::author(author, metadata)).collect();
    let publisher = preference::publisher(fields, metadata);
    Variables {
        title: preference::title(fields, metadata),
        author: author_line(&authors, publisher.as_deref()),
        authors,
        publisher,
        ..variables.clone()
    }
}

/// The authors in one line, else who stands in for them.
fn author_line(authors: &[String], publisher: Option<&str>) -> String {
    if authors.is_empty() { publisher.unwrap_or(NOBODY).to_owned() } else { authors.join(", ") }
}

/// The book's own date where it is of the release's year, else that year: a person may have corrected it.
fn publication_date(fields: &Fields, date: Option<&str>) -> String {
    let day = date.and_then(|date| date.split('T').next()).and_then(resolve::one_line);
    let year = fields.year.to_string();
    day.filter(|day| day.starts_with(&year) && day.len() <= 10).or_else(|| fields.issue_date.clone()).unwrap_or(year)
}

/// `FRENCH` is `French` where people read it.
fn english_word(tag: &str) -> String {
    let word = crate::language::word(tag);
    let mut letters = word.chars();
    let first: String = letters.next().into_iter().collect();
    first + &letters.as_str().to_lowercase()
}

fn hyphenated(isbn: &str) -> String {
    let parsed = isbn.parse::<isbn::Isbn13>().ok();
    parsed.and_then(|parsed| parsed.hyphenate().ok().map(|text| text.to_string())).unwrap_or_else(|| isbn.to_owned())
}
