//! What a person sets: read from `FIELD=VALUE`, from the fields of a form, and checked before it is used.

mod fault;

use std::str::FromStr;

pub use fault::{IsbnFault, ValueFault};

use crate::{
    date::ReleaseDate,
    kind::{Kind, Source},
    language,
    metadata::{Field, Overrides},
    name::{ReleaseName, Tag},
};

/// The most characters of one value: more fits into no line of an NFO that anyone reads.
pub const LONGEST_VALUE: usize = 1_000;
/// The most characters of a description: it goes into the NFO, which is kept whole in memory.
pub const LONGEST_DESCRIPTION: usize = 20_000;
/// The most values of a plural field.
pub const MOST_VALUES: usize = 100;
/// Years that a release can be of: four digits, and printing exists.
pub const YEARS: std::ops::RangeInclusive<u16> = 1000..=2999;

/// A value that its field cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {fault}", field = .field.word())]
pub struct WrongValue {
    /// The field.
    pub field: Field,
    /// What is wrong with it.
    pub fault: ValueFault,
}

/// Why something a person wrote cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OverrideError {
    /// No `=`.
    #[error("`{0}` is not of the form FIELD=VALUE")]
    Form(String),
    /// No such field.
    #[error("there is no field `{0}`; there are {fields}", fields = words())]
    Field(String),
    /// The field cannot hold the value.
    #[error(transparent)]
    Value(#[from] WrongValue),
}

fn words() -> String {
    Field::ALL.map(Field::word).join(", ")
}

/// Sets one field from `FIELD=VALUE`, as on the command line. A plural field takes one value at a time and may be set
/// again; any other may be set once.
pub fn set(overrides: &mut Overrides, assignment: &str) -> Result<(), OverrideError> {
    let (word, value) = assignment.split_once('=').ok_or_else(|| OverrideError::Form(assignment.to_owned()))?;
    let field = Field::of_word(word.trim()).ok_or_else(|| OverrideError::Field(word.trim().to_owned()))?;
    let mut values = get(overrides, field);
    if !values.is_empty() && !field.is_plural() {
        return Err(WrongValue { field, fault: ValueFault::Second(value.to_owned()) }.into());
    }
    values.push(value.to_owned());
    Ok(put(overrides, field, &values)?)
}

/// The values of a field; none when it is taken from the book.
pub fn get(overrides: &Overrides, field: Field) -> Vec<String> {
    let one = |value: Option<String>| value.into_iter().collect();
    match field {
        Field::Kind => one(overrides.kind.map(|kind| kind.word().to_owned())),
        Field::Source => one(overrides.source.map(|source| source.tag().to_owned())),
        Field::Year => one(overrides.year.map(|year| year.to_string())),
        Field::Authors => overrides.authors.clone(),
        Field::Tags => overrides.tags.clone(),
        Field::Title => one(overrides.title.clone()),
        Field::Publisher => one(overrides.publisher.clone()),
        Field::Language => one(overrides.language.clone()),
        Field::Edition => one(overrides.edition.clone()),
        Field::Volume => one(overrides.volume.clone()),
        Field::Issue => one(overrides.issue.clone()),
        Field::IssueDate => one(overrides.issue_date.clone()),
        Field::Isbn => one(overrides.isbn.clone()),
        Field::Genre => one(overrides.genre.clone()),
        Field::Url => one(overrides.url.clone()),
        Field::Description => one(overrides.description.clone()),
        Field::Corrects => one(overrides.corrects.clone()),
    }
}

/// Replaces the values of a field, as a form does. Values of white space alone are none, and no value means: take it
/// from the book. On an error nothing is changed.
pub fn put(overrides: &mut Overrides, field: Field, values: &[String]) -> Result<(), WrongValue> {
    let fault = |fault| WrongValue { field, fault };
    let values: Vec<String> =
        values.iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect();
    if values.len() > MOST_VALUES {
        return Err(fault(ValueFault::TooMany { count: values.len(), limit: MOST_VALUES }));
    }
    for value in &values {
        check_text(field, value).map_err(fault)?;
    }
    if field == Field::Authors {
        overrides.authors = values;
        return Ok(());
    }
    if field == Field::Tags {
        overrides.tags = values.iter().map(|value| tag(value)).collect::<Result<_, _>>().map_err(fault)?;
        return Ok(());
    }
    if let [_, second, ..] = &values[..] {
        return Err(fault(ValueFault::Second(second.clone())));
    }
    put_one(overrides, field, values.into_iter().next()).map_err(fault)
}

fn put_one(overrides: &mut Overrides, field: Field, value: Option<String>) -> Result<(), ValueFault> {
    match field {
        Field::Kind => overrides.kind = value.as_deref().map(parsed::<Kind>).transpose()?,
        Field::Source => overrides.source = value.as_deref().map(parsed::<Source>).transpose()?,
        Field::Year => overrides.year = value.as_deref().map(year).transpose()?,
        Field::Language => overrides.language = value.as_deref().map(language_tag).transpose()?,
        Field::IssueDate => overrides.issue_date = value.as_deref().map(issue_date).transpose()?,
        Field::Isbn => overrides.isbn = value.as_deref().map(isbn_13).transpose()?,
        Field::Url => overrides.url = value.as_deref().map(url).transpose()?,
        Field::Corrects => overrides.corrects = value.as_deref().map(release_name).transpose()?,
        Field::Title => overrides.title = value,
        Field::Publisher => overrides.publisher = value,
        Field::Edition => overrides.edition = value,
        Field::Volume => overrides.volume = value,
        Field::Issue => overrides.issue = value,
        Field::Genre => overrides.genre = value,
        Field::Description => overrides.description = value,
        Field::Authors | Field::Tags => {}
    }
    Ok(())
}

/// Values that came by another way, such as a stored form, in the form that [`put`] gives them.
pub fn checked(overrides: &Overrides) -> Result<Overrides, WrongValue> {
    let mut clean = Overrides::default();
    for field in Field::ALL {
        put(&mut clean, field, &get(overrides, field))?;
    }
    Ok(clean)
}

fn check_text(field: Field, value: &str) -> Result<(), ValueFault> {
    let limit = if field == Field::Description { LONGEST_DESCRIPTION } else { LONGEST_VALUE };
    let length = value.chars().count();
    if length > limit {
        return Err(ValueFault::TooLong { length, limit });
    }
    let may_break = field == Field::Description;
    let is_wrong = |character: char| character.is_control() && !(may_break && matches!(character, '\n' | '\r' | '\t'));
    match value.chars().position(is_wrong) {
        Some(index) => Err(ValueFault::Control { position: index + 1 }),
        None => Ok(()),
    }
}

fn parsed<T: FromStr<Err: Into<ValueFault>>>(value: &str) -> Result<T, ValueFault> {
    value.parse().map_err(T::Err::into)
}

fn tag(value: &str) -> Result<String, ValueFault> {
    parsed::<Tag>(value).map(String::from)
}

fn year(value: &str) -> Result<u16, ValueFault> {
    let digits = value.len() == 4 && value.bytes().all(|byte| byte.is_ascii_digit());
    let year = value.parse().ok().filter(|year| digits && YEARS.contains(year));
    year.ok_or_else(|| ValueFault::Year(value.to_owned()))
}

fn language_tag(value: &str) -> Result<String, ValueFault> {
    Ok(language::canonical(value)?)
}

/// Days before 1980 are days too: a scanned newspaper may be of 1890.
fn issue_date(value: &str) -> Result<String, ValueFault> {
    IssueDate::from_str(value).map(|_| value.to_owned()).map_err(|()| ValueFault::Day(value.to_owned()))
}

fn isbn_13(value: &str) -> Result<String, ValueFault> {
    let fault = || ValueFault::Isbn { value: value.to_owned(), fault: IsbnFault::of(bare_isbn(value)) };
    isbn_of(value).ok_or_else(fault)
}

fn bare_isbn(value: &str) -> &str {
    value.trim_start_matches("urn:isbn:")
}

/// The ISBN-13 without hyphens that a text is, with ISBN-10 converted.
pub(crate) fn isbn_of(value: &str) -> Option<String> {
    // 979-0 numbers music (ISMN), not books.
    let digits = match isbn::Isbn::from_str(bare_isbn(value)).ok()? {
        isbn::Isbn::_13(isbn) => isbn.to_string(),
        isbn::Isbn::_10(isbn) => isbn::Isbn13::from(isbn).to_string(),
    };
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    (!digits.starts_with("9790")).then_some(digits)
}

fn url(value: &str) -> Result<String, ValueFault> {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let good = rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace));
    if good { Ok(value.to_owned()) } else { Err(ValueFault::Link(value.to_owned())) }
}

fn release_name(value: &str) -> Result<String, ValueFault> {
    parsed::<ReleaseName>(value).map(String::from)
}

/// A day of any year of four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IssueDate {
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl FromStr for IssueDate {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let year: u16 = text
            .get(..4)
            .filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))
            .ok_or(())?
            .parse()
            .map_err(|_| ())?;
        if !YEARS.contains(&year) {
            return Err(());
        }
        // The calendar repeats after 400 years, so a year of the range of archives stands for any other.
        let like = 2000 + year % 100 + if year.is_multiple_of(100) && !year.is_multiple_of(400) { 100 } else { 0 };
        let day: ReleaseDate = format!("{like:04}{}", text.get(4..).ok_or(())?).parse().map_err(|_| ())?;
        Ok(Self { year, month: day.month(), day: day.day() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_all(assignments: &[&str]) -> Result<Overrides, OverrideError> {
        let mut overrides = Overrides::default();
        for assignment in assignments {
            set(&mut overrides, assignment)?;
        }
        Ok(overrides)
    }

    #[test]
    fn every_field_is_set_and_read_back_in_its_own_form() {
        for (assignment, read_back) in [
            ("kind=Comic", "comic"),
            ("source=retail", "RETAiL"),
            ("title= A = B ", "A = B"),
            ("authors=Ann", "Ann"),
            ("publisher=House", "House"),
            ("language=fre", "fr"),
            ("year=1895", "1895"),
            ("edition=2nd Edition", "2nd Edition"),
            ("volume=3", "3"),
            ("issue=12", "12"),
            ("issue-date=1900-02-28", "1900-02-28"),
            ("isbn=0-306-40615-2", "9780306406157"),
            ("genre=Fiction", "Fiction"),
            ("url=https://example.org/a?b=c", "https://example.org/a?b=c"),
            ("description=One\nTwo", "One\nTwo"),
            ("tags=proper", "PROPER"),
            ("corrects=A.B.2014.RETAiL.ePUB.eBOOK-GRP", "A.B.2014.RETAiL.ePUB.eBOOK-GRP"),
        ] {
            let overrides = set_all(&[assignment]).unwrap();
            let field = Field::of_word(assignment.split('=').next().unwrap()).unwrap();
            assert_eq!(get(&overrides, field), [read_back], "{assignment}");
            assert_eq!(checked(&overrides), Ok(overrides));
        }
    }

    #[test]
    fn plural_fields_gather_and_others_are_set_once() {
        assert_eq!(set_all(&["authors=A", "authors=B"]).unwrap().authors, ["A", "B"]);
        let error = set_all(&["title=A", "title=B"]).unwrap_err();
        let fault = ValueFault::Second("B".to_owned());
        assert_eq!(error, WrongValue { field: Field::Title, fault }.into());
    }

    #[test]
    fn what_cannot_be_set_is_refused_with_the_field_and_the_reason() {
        for (assignment, message) in [
            ("title", "`title` is not of the form FIELD=VALUE"),
            ("colour=red", "there is no field `colour`; there are kind, source, title, authors"),
            ("kind=poem", "kind: `poem` is no kind"),
            ("year=XXXX", "year: `XXXX` is no year between 1000 and 2999"),
            ("year=0999", "year: `0999` is no year"),
            (
                "language=French",
                "language: `French` is no language tag such as `en` or `pt-BR`; `fr` was probably meant",
            ),
            ("issue-date=1900-02-29", "issue-date: `1900-02-29` is no day"),
            ("isbn=978-0-306-40615-8", "isbn: `978-0-306-40615-8` is no ISBN"),
            ("url=javascript:alert(1)", "url: `javascript:alert(1)` is no link"),
            ("tags=FINAL", "tags: `FINAL` is no tag"),
            ("corrects=a name", "corrects: character 2 is ` `"),
            ("title=a\u{1b}[2J", "title: character 2 is a control character"),
        ] {
            let message_found = set_all(&[assignment]).unwrap_err().to_string();
            assert!(message_found.starts_with(message), "{message_found}");
        }
        let long = format!("title={}", "a".repeat(1_001));
        assert!(set_all(&[&long]).unwrap_err().to_string().ends_with("the limit is 1000"));
    }

    #[test]
    fn a_value_of_white_space_means_the_book_again() {
        let mut overrides = set_all(&["title=A"]).unwrap();
        put(&mut overrides, Field::Title, &[" ".to_owned()]).unwrap();
        assert_eq!(overrides, Overrides::default());
    }

    #[test]
    fn leap_days_are_those_of_the_real_year() {
        for (day, exists) in [("1896-02-29", true), ("1900-02-29", false), ("2000-02-29", true), ("2100-02-29", false)]
        {
            assert_eq!(day.parse::<IssueDate>().is_ok(), exists, "{day}");
        }
    }
}
