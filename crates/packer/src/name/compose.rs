//! Composing a release name from the values of a release, after the pattern of its profile.

use super::{
    NameComponent, NameError, ReleaseName,
    letters::{has_word, shortened, words},
    preference,
};
use crate::{
    finding::{Finding, FindingCode, Severity},
    format::Format,
    group::GroupTag,
    language,
    metadata::{BookMetadata, Field, Fields},
    overrides::IssueDate,
    profile::{Naming, PatternPart, Placeholder},
    resolve::NOBODY,
    transliterate::Transliterator,
};

/// The title was too long for the name and was shortened at a word.
pub const TITLE_SHORTENED: FindingCode = FindingCode::new("ESP-401");
/// A text was written in Latin letters.
pub const TRANSLITERATED: FindingCode = FindingCode::new("ESP-402");
/// The title has no letter and no digit that a name can show.
pub const TITLE_WITHOUT_LETTERS: FindingCode = FindingCode::new("ESP-403");
/// Another part of the name was too long and was shortened at a word.
pub const PART_SHORTENED: FindingCode = FindingCode::new("ESP-404");
/// There is no English word for the language; its code stands in the name.
pub const LANGUAGE_WITHOUT_WORD: FindingCode = FindingCode::new("ESP-406");

/// What stands for a title that cannot be written in a name.
const UNTITLED: &str = "Untitled";

/// Which parts give way when a name is too long, in this order, and how many characters each keeps.
const GIVES_WAY: [(Field, usize); 9] = [
    (Field::Title, 60),
    (Field::Authors, 40),
    (Field::Publisher, 40),
    (Field::Edition, 12),
    (Field::Volume, 12),
    (Field::Issue, 12),
    (Field::Authors, 12),
    (Field::Publisher, 12),
    (Field::Title, 12),
];

/// A composed name, its parts, and what had to be done to its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composition {
    /// The name.
    pub name: ReleaseName,
    /// Its parts, in order; their texts make the name.
    pub components: Vec<NameComponent>,
    /// What was shortened or transliterated.
    pub findings: Vec<Finding>,
}

/// Everything that decides a name.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "a transliterator has nothing to show")]
pub struct Composer<'a> {
    /// The values of the release.
    pub fields: &'a Fields,
    /// What the book says: its other forms of a text are preferred where they are Latin.
    pub metadata: &'a BookMetadata,
    /// The group.
    pub group: &'a GroupTag,
    /// The format of the book.
    pub format: Format,
    /// The rules.
    pub naming: &'a Naming,
    /// The tables.
    pub transliterator: &'a dyn Transliterator,
}

/// The name of a release. Fails only under a profile whose own words leave no room for those of the book.
pub fn compose(composer: Composer<'_>) -> Result<Composition, NameError> {
    let mut draft = Draft { composer, findings: Vec::new() };
    let mut parts: Vec<NameComponent> =
        composer.naming.patterns.of(composer.fields.kind).iter().filter_map(|part| draft.part(part)).collect();
    draft.shorten(&mut parts);
    let mut components = Vec::with_capacity(parts.len() * 2 + 1);
    for part in parts {
        if !components.is_empty() {
            components.push(NameComponent { field: None, text: composer.naming.separator().to_string() });
        }
        components.push(part);
    }
    components.push(NameComponent { field: None, text: format!("-{}", composer.group) });
    let text: String = components.iter().map(|component| component.text.as_str()).collect();
    if text.len() > composer.naming.longest() {
        return Err(NameError::TooLong { length: text.len() });
    }
    Ok(Composition { name: text.parse()?, components, findings: draft.findings })
}

struct Draft<'a> {
    composer: Composer<'a>,
    findings: Vec<Finding>,
}

impl Draft<'_> {
    fn part(&mut self, part: &PatternPart) -> Option<NameComponent> {
        let separator = self.composer.naming.separator();
        let Some(placeholder) = part.placeholder() else {
            return Some(NameComponent { field: None, text: words(part.before(), separator) });
        };
        let (field, value) = self.value(placeholder)?;
        if value.is_empty() {
            return None;
        }
        let before = words(part.before(), separator);
        // "No. 12" typed as the issue already has the pattern's own word.
        let repeats = !before.is_empty() && has_word(value.split(separator).next()?, separator, &before);
        let text = if repeats {
            format!("{value}{separator}{}", part.after())
        } else {
            format!("{}{value}{}", part.before(), part.after())
        };
        Some(NameComponent { field, text: words(&text, separator) })
    }

    /// The field and the words of a placeholder; nothing where the name leaves it out.
    fn value(&mut self, placeholder: Placeholder) -> Option<(Option<Field>, String)> {
        let Composer { fields, format, naming, .. } = self.composer;
        let separator = naming.separator();
        let issue_date = || fields.issue_date.as_deref().and_then(|day| day.parse::<IssueDate>().ok());
        Some(match placeholder {
            Placeholder::Title => (Some(Field::Title), self.title()),
            Placeholder::Author => self.author(),
            Placeholder::Publisher => self.publisher(),
            Placeholder::Edition => (Some(Field::Edition), self.latin(Field::Edition, fields.edition.as_deref()?)),
            Placeholder::Volume => (Some(Field::Volume), self.latin(Field::Volume, fields.volume.as_deref()?)),
            Placeholder::Issue => (Some(Field::Issue), self.latin(Field::Issue, fields.issue.as_deref()?)),
            Placeholder::Day => (Some(Field::IssueDate), format!("{:02}", issue_date()?.day)),
            Placeholder::Month => (Some(Field::IssueDate), month(issue_date()?.month)?.to_owned()),
            Placeholder::Year => (Some(Field::Year), format!("{:04}", fields.year)),
            Placeholder::Language => (Some(Field::Language), self.language()?),
            Placeholder::Source => (Some(Field::Source), fields.source.tag().to_owned()),
            Placeholder::Tags => (Some(Field::Tags), fields.tags.join(separator.encode_utf8(&mut [0; 4]))),
            Placeholder::Kind => (Some(Field::Kind), self.kind()?.to_owned()),
            Placeholder::Format if format == naming.unnamed_format => return None,
            Placeholder::Format => (None, format.tag().to_owned()),
        })
    }

    fn title(&mut self) -> String {
        let fields = self.composer.fields;
        let title = self.latin(Field::Title, &preference::title(fields, self.composer.metadata));
        if title.is_empty() {
            let finding = Finding::new(TITLE_WITHOUT_LETTERS, Severity::Error);
            self.findings.push(finding.with("title", &fields.title).with("stand_in", UNTITLED));
            return UNTITLED.to_owned();
        }
        title
    }

    fn author(&mut self) -> (Option<Field>, String) {
        self.authors()
            .map(|authors| (Some(Field::Authors), authors))
            .or_else(|| self.publishing_house().map(|house| (Some(Field::Publisher), house)))
            .unwrap_or_else(|| (Some(Field::Authors), NOBODY.to_owned()))
    }

    fn publisher(&mut self) -> (Option<Field>, String) {
        self.publishing_house()
            .map(|house| (Some(Field::Publisher), house))
            .or_else(|| self.authors().map(|authors| (Some(Field::Authors), authors)))
            .unwrap_or_else(|| (Some(Field::Publisher), NOBODY.to_owned()))
    }

    fn authors(&mut self) -> Option<String> {
        let Composer { fields, metadata, naming, .. } = self.composer;
        let rule = &naming.authors;
        let shown = if fields.authors.len() <= rule.most { fields.authors.len() } else { 1 };
        let mut names = Vec::with_capacity(shown);
        for author in &fields.authors[..shown] {
            names.push(self.latin(Field::Authors, &preference::author(author, metadata)));
        }
        names.retain(|name| !name.is_empty());
        let mut authors = names.join(&format!(" {} ", rule.joined_by));
        if shown < fields.authors.len() && !authors.is_empty() {
            authors = format!("{authors} {}", rule.others);
        }
        let authors = words(&authors, naming.separator());
        (!authors.is_empty()).then_some(authors)
    }

    fn publishing_house(&mut self) -> Option<String> {
        let form = preference::publisher(self.composer.fields, self.composer.metadata)?;
        Some(self.latin(Field::Publisher, &form)).filter(|house| !house.is_empty())
    }

    fn language(&mut self) -> Option<String> {
        let tag = self.composer.fields.language.as_deref()?;
        if language::primary(tag) == self.composer.naming.unnamed_language {
            return None;
        }
        let word = language::word(tag);
        if language::of_tag(tag).is_none() {
            let finding = Finding::new(LANGUAGE_WITHOUT_WORD, Severity::Info);
            self.findings.push(finding.with("language", tag).with("word", &word));
        }
        Some(word)
    }

    /// The tag of the kind, unless the title has that word already.
    fn kind(&self) -> Option<&'static str> {
        let Composer { fields, metadata, transliterator, naming, .. } = self.composer;
        let tag = fields.kind.tag()?;
        let title = transliterator.transliterate(&preference::title(fields, metadata), None);
        let title = words(&title, naming.separator());
        (!has_word(&title, naming.separator(), fields.kind.word())).then_some(tag)
    }

    /// The words of a text in the letters of a name, with a finding where letters were changed.
    fn latin(&mut self, field: Field, text: &str) -> String {
        let Composer { fields, transliterator, naming, .. } = self.composer;
        let latin = words(&transliterator.transliterate(text, fields.language.as_deref()), naming.separator());
        if text.chars().any(|character| !character.is_ascii() && character.is_alphanumeric()) {
            let finding = Finding::new(TRANSLITERATED, Severity::Info);
            self.findings.push(finding.with("field", field.word()).with("text", text).with("latin", &latin));
        }
        latin
    }

    /// Shortens parts, in the order of [`GIVES_WAY`], until the name fits.
    fn shorten(&mut self, parts: &mut [NameComponent]) {
        let Composer { naming, group, .. } = self.composer;
        let group = 1 + group.as_str().len();
        let length = |parts: &[NameComponent]| -> usize { parts.iter().map(|part| part.text.len() + 1).sum::<usize>() };
        let before: Vec<String> = parts.iter().map(|part| part.text.clone()).collect();
        for (field, kept) in GIVES_WAY {
            let excess = (length(parts) + group).saturating_sub(1 + naming.longest());
            let Some(part) = parts.iter_mut().find(|part| part.field == Some(field)) else { continue };
            if excess > 0 {
                let longest = part.text.len().saturating_sub(excess).max(kept);
                part.text = words(shortened(&part.text, naming.separator(), longest), naming.separator());
            }
        }
        for (part, before) in parts.iter().zip(before) {
            let Some(field) = part.field.filter(|_| part.text != before) else { continue };
            let code = if field == Field::Title { TITLE_SHORTENED } else { PART_SHORTENED };
            let finding = Finding::new(code, Severity::Warning).with("field", field.word());
            self.findings.push(finding.with("text", before).with("shortened", &part.text));
        }
    }
}

fn month(number: u8) -> Option<&'static str> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    MONTHS.get(usize::from(number).checked_sub(1)?).copied()
}
