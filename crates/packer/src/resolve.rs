//! The values that a release goes by: what a person set, else what the book says, else a rule of the product.

use std::collections::BTreeMap;

use crate::{
    date::ReleaseDate,
    finding::{Finding, FindingCode, Severity},
    fix,
    format::Format,
    kind::{Kind, Source},
    language,
    metadata::{BookMetadata, Contributor, Field, Fields, Origin, Overrides},
    name::Tag,
    overrides::{IssueDate, LONGEST_DESCRIPTION, LONGEST_VALUE, MOST_VALUES, YEARS},
};

/// The book has no title; its file name stands in.
pub const NO_TITLE: FindingCode = FindingCode::new("ESP-301");
/// The book has no author; the publisher stands in.
pub const PUBLISHER_FOR_AUTHOR: FindingCode = FindingCode::new("ESP-302");
/// The book has neither author nor publisher.
pub const ANONYMOUS: FindingCode = FindingCode::new("ESP-303");
/// The book has no publication date; the year of its last change stands in.
pub const YEAR_OF_CHANGE: FindingCode = FindingCode::new("ESP-304");
/// The book has no date at all; the year of the release stands in.
pub const YEAR_OF_RELEASE: FindingCode = FindingCode::new("ESP-305");
/// A scan should have the year of its original, which nobody stated.
pub const YEAR_OF_SCAN: FindingCode = FindingCode::new("ESP-306");
/// The book does not say its language.
pub const NO_LANGUAGE: FindingCode = FindingCode::new("ESP-307");
/// What the book says its language is, is no language tag.
pub const WRONG_LANGUAGE: FindingCode = FindingCode::new("ESP-308");
/// The book gives its language by name, or with another separator: the tag that was meant can be told.
pub const LANGUAGE_BY_NAME: FindingCode = FindingCode::new("ESP-309");
/// The book names an author with the family name first.
pub const NAME_INVERTED: FindingCode = FindingCode::new("ESP-323");
/// The book writes its title in capitals throughout.
pub const TITLE_IN_CAPITALS: FindingCode = FindingCode::new("ESP-324");
/// A text of the book is longer than a release can carry, and was cut.
pub const CUT: FindingCode = FindingCode::new("ESP-322");

/// The most languages of a book that are looked at for one that is well written.
const MOST_LANGUAGES: usize = 10;

/// What stands in the author's place when nobody is known.
pub const NOBODY: &str = "Anonymous";

/// Resolved values and what there is to say of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The values.
    pub fields: Fields,
    /// What was missing and what stands in for it.
    pub findings: Vec<Finding>,
}

/// Resolves every field. `file_name` is a last resort for the title, `date` for the year; the overrides have been
/// through [`crate::overrides::checked`].
pub fn resolve(
    metadata: &BookMetadata,
    format: Format,
    file_name: &str,
    overrides: &Overrides,
    date: ReleaseDate,
) -> Resolution {
    let mut resolver = Resolver { metadata, origins: BTreeMap::new(), findings: Vec::new() };
    let kind = resolver.kind(overrides.kind, format);
    let source = match overrides.source {
        Some(source) => resolver.with(Field::Source, Origin::Person, source),
        None => resolver.with(Field::Source, Origin::Fallback, Source::default()),
    };
    let title = resolver.title(overrides.title.as_deref(), file_name);
    let publisher = resolver.text(
        Field::Publisher,
        overrides.publisher.as_deref(),
        metadata.publisher.as_ref().map(|publisher| publisher.value.as_str()),
    );
    let authors = resolver.authors(&overrides.authors);
    let language = resolver.language(overrides.language.as_deref());
    let issue_date = resolver.issue_date(kind, overrides.issue_date.as_deref());
    let year = resolver.year(overrides, source, issue_date.as_deref(), date);
    let edition = resolver.text(Field::Edition, overrides.edition.as_deref(), None);
    let position = metadata.series.as_ref().and_then(|(_, position)| position.as_deref());
    // The place in a series is a volume's, unless the book gives it as the number of an issue.
    let volume_of_series = position.filter(|_| matches!(kind, Kind::Comic | Kind::Manga) && metadata.issue.is_none());
    let volume_of_book = metadata.volume.as_deref().or(volume_of_series);
    let volume = resolver.text(Field::Volume, overrides.volume.as_deref(), volume_of_book);
    let issue_of_book = metadata.issue.as_deref().or(position.filter(|_| kind == Kind::Magazine));
    let issue = resolver.text(Field::Issue, overrides.issue.as_deref(), issue_of_book);
    let isbn = resolver.text(Field::Isbn, overrides.isbn.as_deref(), metadata.isbn.as_deref());
    let genre = resolver.text(Field::Genre, overrides.genre.as_deref(), metadata.subjects.first().map(String::as_str));
    let url = resolver.text(Field::Url, overrides.url.as_deref(), url_of(metadata));
    let description = resolver.description(overrides.description.as_deref());
    let tags = resolver.tags(&overrides.tags);
    let corrects = resolver.text(Field::Corrects, overrides.corrects.as_deref(), None);
    resolver.warn_of_nobody(kind, &authors, publisher.as_deref());
    resolver.look_at_writing(&title, &authors, language.as_deref());
    let Resolver { origins, findings, .. } = resolver;
    let fields = Fields {
        kind,
        source,
        title,
        authors,
        publisher,
        language,
        year,
        edition,
        volume,
        issue,
        issue_date,
        isbn,
        genre,
        url,
        description,
        tags,
        corrects,
        origins,
    };
    Resolution { fields, findings }
}

/// Resolves every field, and mends what the profile mends by itself: those of the findings that are among `fixes`.
pub fn resolve_mended(
    metadata: &BookMetadata,
    format: Format,
    file_name: &str,
    set: &Overrides,
    date: ReleaseDate,
    fixes: &[FindingCode],
) -> Resolution {
    let mut resolution = resolve(metadata, format, file_name, set, date);
    let (mut mending, mut told, mut mended) = (set.clone(), Vec::new(), Vec::new());
    // How a title is written depends on the language.
    for stage in [&[Field::Language][..], &[Field::Title, Field::Authors]] {
        let fields = fix::apply(fixes, stage, &resolution, &mut mending);
        if fields.is_empty() {
            continue;
        }
        let next = resolve(metadata, format, file_name, &mending, date);
        told.extend(resolution.findings.into_iter().filter_map(|finding| still_told(finding, &fields, &next.findings)));
        mended.extend(fields);
        resolution = next;
    }
    resolution.findings.extend(told);
    resolution.fields.origins.extend(mended.into_iter().map(|field| (field, Origin::Mended)));
    resolution
}

/// What is told of a finding once these fields are mended: what was mended as something to know, since the release rests
/// on a guess, and what holds of the book as before.
fn still_told(finding: Finding, mended: &[Field], next: &[Finding]) -> Option<Finding> {
    let holds = finding.code == CUT || finding.code == WRONG_LANGUAGE;
    if fix::of_finding(&finding).is_some_and(|fix| mended.contains(&fix.field)) {
        let finding = Finding { severity: Severity::Info, ..finding };
        return Some(finding.with(fix::MENDED, "yes"));
    }
    (holds && !next.contains(&finding)).then_some(finding)
}

struct Resolver<'a> {
    metadata: &'a BookMetadata,
    origins: BTreeMap<Field, Origin>,
    findings: Vec<Finding>,
}

impl Resolver<'_> {
    fn with<T>(&mut self, field: Field, origin: Origin, value: T) -> T {
        self.origins.insert(field, origin);
        value
    }

    fn find(&mut self, code: FindingCode, severity: Severity) {
        self.findings.push(Finding::new(code, severity));
    }

    fn text(&mut self, field: Field, person: Option<&str>, book: Option<&str>) -> Option<String> {
        if let Some(value) = person.and_then(one_line) {
            return Some(self.with(field, Origin::Person, value));
        }
        let value = self.within(field, LONGEST_VALUE, book?, one_line)?;
        Some(self.with(field, Origin::Book, value))
    }

    /// A text of the book in the form that a release carries it, cut where it is longer than a person could set it.
    fn within(&mut self, field: Field, limit: usize, text: &str, form: fn(&str) -> Option<String>) -> Option<String> {
        // What is far too long is cut before it is looked at, so that it costs nothing.
        let near = prefix(text, limit * 4);
        let value = form(near)?;
        let cut = prefix(&value, limit);
        if near.len() < text.len() || cut.len() < value.len() {
            let finding = Finding::new(CUT, Severity::Warning).with("field", field.word());
            self.findings.push(finding.with("limit", limit.to_string()));
        }
        Some(cut.trim_end().to_owned())
    }

    fn kind(&mut self, person: Option<Kind>, format: Format) -> Kind {
        match (person, self.metadata.kind, format) {
            (Some(kind), ..) => self.with(Field::Kind, Origin::Person, kind),
            (None, Some(kind), _) => self.with(Field::Kind, Origin::Book, kind),
            (None, None, Format::Cbz) => self.with(Field::Kind, Origin::File, Kind::Comic),
            (None, None, _) => self.with(Field::Kind, Origin::Fallback, Kind::Book),
        }
    }

    fn title(&mut self, person: Option<&str>, file_name: &str) -> String {
        let book = self.metadata.title.as_ref().map(|title| title.value.as_str());
        if let Some(title) = self.text(Field::Title, person, book) {
            return title;
        }
        let stem = stem(file_name);
        self.findings.push(Finding::new(NO_TITLE, Severity::Warning).with("file", file_name));
        self.with(Field::Title, Origin::File, stem)
    }

    fn authors(&mut self, person: &[String]) -> Vec<String> {
        if !person.is_empty() {
            return self.with(Field::Authors, Origin::Person, person.to_vec());
        }
        let metadata = self.metadata;
        let authors: Vec<String> = authors_of(metadata)
            .take(MOST_VALUES)
            .filter_map(|author| self.within(Field::Authors, LONGEST_VALUE, &author.name.value, one_line))
            .collect();
        if authors.is_empty() { authors } else { self.with(Field::Authors, Origin::Book, authors) }
    }

    /// A textbook has its publisher in the author's place anyway; other kinds but books name no author.
    fn warn_of_nobody(&mut self, kind: Kind, authors: &[String], publisher: Option<&str>) {
        if !matches!(kind, Kind::Book | Kind::Textbook) {
            return;
        }
        match (authors, publisher) {
            ([], None) => self.find(ANONYMOUS, Severity::Warning),
            ([], Some(publisher)) if kind == Kind::Book => {
                self.findings.push(Finding::new(PUBLISHER_FOR_AUTHOR, Severity::Warning).with("publisher", publisher));
            }
            _ => {}
        }
    }

    /// What the book says in a way that does not belong into a name, and how it was probably meant.
    fn look_at_writing(&mut self, title: &str, authors: &[String], language: Option<&str>) {
        let is_of_book = |field, origins: &BTreeMap<Field, Origin>| origins.get(&field) == Some(&Origin::Book);
        if is_of_book(Field::Title, &self.origins)
            && let Some(meant) = fix::in_small_letters(title, language)
        {
            let finding = Finding::new(TITLE_IN_CAPITALS, Severity::Info);
            self.findings.push(finding.with("title", title).with("meant", meant));
        }
        let upright = |name: &String| {
            let given = authors_of(self.metadata).find(|author| one_line(&author.name.value).as_ref() == Some(name));
            fix::upright(name, given.and_then(|author| author.name.file_as.as_deref()), language)
        };
        if is_of_book(Field::Authors, &self.origins)
            && let Some((name, meant)) = authors.iter().find_map(|name| Some((name, upright(name)?)))
        {
            let all = authors.iter().map(|name| upright(name).unwrap_or_else(|| name.clone()));
            let finding = Finding::new(NAME_INVERTED, Severity::Warning).with("name", name).with("meant", meant);
            self.findings.push(finding.with("authors", all.collect::<Vec<_>>().join("\n")));
        }
    }

    fn language(&mut self, person: Option<&str>) -> Option<String> {
        if let Some(language) = person {
            return Some(self.with(Field::Language, Origin::Person, language.to_owned()));
        }
        for written in self.metadata.languages.iter().take(MOST_LANGUAGES) {
            match language::canonical(written) {
                Ok(tag) if !language::is_undetermined(&tag) => {
                    return Some(self.with(Field::Language, Origin::Book, tag));
                }
                Ok(_) => {}
                Err(error) => {
                    let finding = match error.suggestion {
                        Some(meant) => Finding::new(LANGUAGE_BY_NAME, Severity::Warning).with("meant", meant),
                        None => Finding::new(WRONG_LANGUAGE, Severity::Warning),
                    };
                    self.findings.push(finding.with("language", error.text));
                }
            }
        }
        self.find(NO_LANGUAGE, Severity::Warning);
        None
    }

    /// The day of a newspaper or magazine: the book's date where it names a day.
    fn issue_date(&mut self, kind: Kind, person: Option<&str>) -> Option<String> {
        let book = self.metadata.date.as_deref().and_then(|date| date.get(..10));
        let day = book.filter(|day| day.parse::<IssueDate>().is_ok());
        self.text(Field::IssueDate, person, day.filter(|_| matches!(kind, Kind::Newspaper | Kind::Magazine)))
    }

    fn year(&mut self, overrides: &Overrides, source: Source, issue_date: Option<&str>, date: ReleaseDate) -> u16 {
        if let Some(year) = overrides.year {
            return self.with(Field::Year, Origin::Person, year);
        }
        // Whoever sets the day of an issue has said its year too.
        if let Some(year) = overrides.issue_date.as_deref().and(issue_date).and_then(year_of) {
            return self.with(Field::Year, Origin::Person, year);
        }
        let published = self.metadata.date.as_deref().and_then(year_of);
        let changed = self.metadata.modified.as_deref().and_then(year_of);
        match (source, published, changed) {
            (Source::Scan, Some(year), _) => {
                self.findings.push(Finding::new(YEAR_OF_SCAN, Severity::Warning).with("year", year.to_string()));
                self.with(Field::Year, Origin::Book, year)
            }
            (Source::Retail, Some(year), _) => self.with(Field::Year, Origin::Book, year),
            // The last change of a scan's file says nothing of its original.
            (Source::Retail, None, Some(year)) => {
                self.findings.push(Finding::new(YEAR_OF_CHANGE, Severity::Info).with("year", year.to_string()));
                self.with(Field::Year, Origin::Book, year)
            }
            (_, None, _) => {
                let year = date.year();
                self.findings.push(Finding::new(YEAR_OF_RELEASE, Severity::Warning).with("year", year.to_string()));
                self.with(Field::Year, Origin::Fallback, year)
            }
        }
    }

    fn description(&mut self, person: Option<&str>) -> Option<String> {
        if let Some(value) = person.and_then(paragraphs) {
            return Some(self.with(Field::Description, Origin::Person, value));
        }
        let book = self.metadata.description.as_deref()?;
        let value = self.within(Field::Description, LONGEST_DESCRIPTION, book, paragraphs)?;
        Some(self.with(Field::Description, Origin::Book, value))
    }

    fn tags(&mut self, person: &[String]) -> Vec<String> {
        let mut tags: Vec<Tag> = person.iter().filter_map(|tag| tag.parse().ok()).collect();
        tags.sort_unstable();
        tags.dedup();
        let tags: Vec<String> = tags.into_iter().map(String::from).collect();
        if tags.is_empty() { tags } else { self.with(Field::Tags, Origin::Person, tags) }
    }
}

/// The creators that wrote the book: those with the role `aut` or without a role, else all of them.
pub(crate) fn authors_of(metadata: &BookMetadata) -> impl Iterator<Item = &Contributor> {
    let writes = |creator: &Contributor| creator.roles.is_empty() || creator.roles.iter().any(|role| role == "aut");
    let anyone = !metadata.creators.iter().any(writes);
    metadata.creators.iter().filter(move |creator| anyone || writes(creator))
}

/// The first run of exactly four digits that is a year: dates in books are written in many ways.
pub(crate) fn year_of(text: &str) -> Option<u16> {
    text.split(|character: char| !character.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .find_map(|digits| digits.parse().ok().filter(|year| YEARS.contains(year)))
}

fn url_of(metadata: &BookMetadata) -> Option<&str> {
    let is_link = |value: &&str| value.starts_with("https://") || value.starts_with("http://");
    metadata.identifiers.iter().map(|identifier| identifier.value.as_str()).find(is_link)
}

/// The file name without folders and without its extension; never empty.
fn stem(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 5 => stem,
        _ => name,
    };
    one_line(&stem.replace('_', " ")).unwrap_or_else(|| "book".to_owned())
}

/// The text's first characters, so many at most.
pub(crate) fn prefix(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

/// The text in one line: white space and control characters are one space; nothing when nothing is left.
pub(crate) fn one_line(text: &str) -> Option<String> {
    let is_gap = |character: char| character.is_whitespace() || character.is_control() || is_invisible(character);
    let words: Vec<&str> = text.split(is_gap).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { None } else { Some(words.join(" ")) }
}

/// The text in paragraphs, each one line; nothing when nothing is left.
fn paragraphs(text: &str) -> Option<String> {
    let lines: Vec<String> = text.lines().filter_map(one_line).collect();
    if lines.is_empty() { None } else { Some(lines.join("\n")) }
}

/// Marks that order the direction of text: in a name or an NFO they could show one thing and mean another.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}
