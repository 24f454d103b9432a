//! What is wrong with a value that a person set: a code for whoever translates it, its facts, and the English sentence.

use crate::{
    kind::{Kind, KindError, Source, SourceError},
    language::LanguageError,
    name::{NameError, ReleaseName, Tag, TagError},
};

use super::YEARS;

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueFault {
    /// Longer than the field's limit.
    #[error("it has {length} characters, the limit is {limit}")]
    TooLong {
        /// Its characters.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// More values than the limit.
    #[error("there are {count} values, the limit is {limit}")]
    TooMany {
        /// How many.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// A field of one value got two.
    #[error("it has one value, and got another: `{0}`")]
    Second(String),
    /// A control character, which would break lines or terminals.
    #[error("character {position} is a control character")]
    Control {
        /// Counted from 1.
        position: usize,
    },
    /// No kind.
    #[error(transparent)]
    Kind(#[from] KindError),
    /// No source.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// No tag that there is.
    #[error(transparent)]
    Tag(#[from] TagError),
    /// A tag that the profile does not use.
    #[error("the profile `{profile}` has no tag `{tag}`")]
    ForeignTag {
        /// The tag.
        tag: String,
        /// The profile's name.
        profile: String,
    },
    /// No year.
    #[error("`{0}` is no year between {least} and {most}", least = YEARS.start(), most = YEARS.end())]
    Year(String),
    /// No language.
    #[error(transparent)]
    Language(#[from] LanguageError),
    /// No day.
    #[error("`{0}` is no day of the form YYYY-MM-DD")]
    Day(String),
    /// No ISBN.
    #[error("`{value}` is no ISBN: {fault}")]
    Isbn {
        /// What was written.
        value: String,
        /// What is wrong with it.
        fault: IsbnFault,
    },
    /// No link.
    #[error("`{0}` is no link: it begins with https:// or http:// and has no space")]
    Link(String),
    /// No release name.
    #[error(transparent)]
    Name(#[from] NameError),
}

/// What is wrong with an ISBN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IsbnFault {
    /// Something that is neither a digit nor a hyphen nor a blank, or an X that is not the last of ten.
    #[error("it has digits and hyphens, and `{character}` is neither")]
    Character {
        /// The first one.
        character: char,
    },
    /// Neither 10 nor 13 digits.
    #[error("it has 10 or 13 digits, not {digits}")]
    Length {
        /// How many it has.
        digits: usize,
    },
    /// The last digit does not fit the others.
    #[error("its check digit is wrong: after the others it is {right}")]
    CheckDigit {
        /// The one that would.
        right: char,
    },
    /// A number of printed music, an ISMN.
    #[error("979-0 numbers printed music, not books")]
    Music,
}

impl ValueFault {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } | Self::Name(NameError::TooLong { .. }) => "too-long",
            Self::TooMany { .. } => "too-many",
            Self::Second(_) => "one-value",
            Self::Control { .. } => "control-character",
            Self::Kind(_) | Self::Source(_) | Self::Tag(_) => "not-listed",
            Self::ForeignTag { .. } => "foreign-tag",
            Self::Year(_) => "no-year",
            Self::Language(LanguageError { suggestion: None, .. }) => "no-language",
            Self::Language(_) => "no-language-but",
            Self::Day(_) => "no-day",
            Self::Isbn { fault, .. } => match fault {
                IsbnFault::Character { .. } => "isbn-character",
                IsbnFault::Length { .. } => "isbn-length",
                IsbnFault::CheckDigit { .. } => "isbn-check-digit",
                IsbnFault::Music => "isbn-music",
            },
            Self::Link(_) => "no-link",
            Self::Name(NameError::Character { .. }) => "name-character",
            Self::Name(NameError::NoGroup | NameError::Group { .. }) => "name-without-group",
            Self::Name(NameError::Empty | NameError::Dot { .. } | NameError::Hyphen) => "no-release-name",
        }
    }

    /// The facts that the code's sentence names. The value itself is none of them: whoever set it has it.
    pub fn data(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong { length, limit } => too_long(*length, *limit),
            Self::Name(NameError::TooLong { length }) => too_long(*length, ReleaseName::LONGEST),
            Self::TooMany { count, limit } => vec![("count", count.to_string()), ("most", limit.to_string())],
            Self::Control { position } => vec![("position", position.to_string())],
            Self::Kind(_) => listed(Kind::ALL.map(Kind::word)),
            Self::Source(_) => listed(Source::ALL.map(Source::tag)),
            Self::Tag(_) => listed(Tag::ALL.map(Tag::word)),
            Self::ForeignTag { tag, profile } => vec![("tag", tag.clone()), ("profile", profile.clone())],
            Self::Year(_) => vec![("least", YEARS.start().to_string()), ("most", YEARS.end().to_string())],
            Self::Language(LanguageError { suggestion: Some(tag), .. }) => vec![("suggestion", tag.clone())],
            Self::Isbn { fault: IsbnFault::Character { character }, .. } => vec![("character", character.to_string())],
            Self::Isbn { fault: IsbnFault::Length { digits }, .. } => vec![("digits", digits.to_string())],
            Self::Isbn { fault: IsbnFault::CheckDigit { right }, .. } => vec![("right", right.to_string())],
            Self::Name(NameError::Character { character, position }) => {
                vec![("character", character.to_string()), ("position", position.to_string())]
            }
            Self::Second(_)
            | Self::Language(_)
            | Self::Day(_)
            | Self::Isbn { fault: IsbnFault::Music, .. }
            | Self::Link(_)
            | Self::Name(_) => Vec::new(),
        }
    }
}

fn too_long(length: usize, limit: usize) -> Vec<(&'static str, String)> {
    vec![("length", length.to_string()), ("longest", limit.to_string())]
}

fn listed<const N: usize>(known: [&str; N]) -> Vec<(&'static str, String)> {
    vec![("known", known.join(", "))]
}

impl IsbnFault {
    /// What keeps a text, from which no ISBN could be read, from being one.
    pub(super) fn of(text: &str) -> Self {
        let signs: Vec<char> = text.chars().filter(|sign| !matches!(sign, '-' | ' ')).collect();
        let is_last_of_ten = |index: usize, sign: char| matches!(sign, 'X' | 'x') && index == 9 && signs.len() == 10;
        let wrong = |(index, sign): &(usize, char)| !sign.is_ascii_digit() && !is_last_of_ten(*index, *sign);
        if let Some((_, character)) = signs.iter().copied().enumerate().find(wrong) {
            return Self::Character { character };
        }
        let digits: Vec<u32> = signs.iter().map(|sign| sign.to_digit(10).unwrap_or(10)).collect();
        match digits[..] {
            [9, 7, 9, 0, ..] if digits.len() == 13 => Self::Music,
            [ref others @ .., _] if digits.len() == 13 => {
                let sum: u32 =
                    others.iter().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
                Self::CheckDigit { right: sign_of((10 - sum % 10) % 10) }
            }
            [ref others @ .., _] if digits.len() == 10 => {
                let sum: u32 = others.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
                Self::CheckDigit { right: sign_of((11 - sum % 11) % 11) }
            }
            _ => Self::Length { digits: digits.len() },
        }
    }
}

fn sign_of(digit: u32) -> char {
    char::from_digit(digit, 10).unwrap_or('X')
}

#[cfg(test)]
mod tests {
    use crate::{
        metadata::{Field, Overrides},
        overrides::{LONGEST_DESCRIPTION, LONGEST_VALUE, MOST_VALUES, put},
    };

    /// The code and the facts that setting these values of a field ends with.
    fn said(field: Field, values: &[&str]) -> (&'static str, String) {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        let wrong = put(&mut Overrides::default(), field, &values).expect_err("it cannot be set");
        assert_eq!(wrong.field, field);
        let facts = wrong.fault.data().into_iter().map(|(name, value)| format!("{name}={value}"));
        (wrong.fault.code(), facts.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn each_field_says_what_is_wrong_with_its_value() {
        let kinds = "known=book, textbook, magazine, comic, manga, newspaper";
        let tags = "known=iNTERNAL, READNFO, NFOFiX, DiRFiX, REPACK, PROPER";
        for (field, value, code, facts) in [
            (Field::Kind, "poem", "not-listed", kinds),
            (Field::Source, "web", "not-listed", "known=RETAiL, SCAN"),
            (Field::Tags, "FINAL", "not-listed", tags),
            (Field::Title, "a\u{1b}[2J", "control-character", "position=2"),
            (Field::Authors, "\u{7}", "control-character", "position=1"),
            (Field::Publisher, "a\nb", "control-character", "position=2"),
            (Field::Edition, "a\tb", "control-character", "position=2"),
            (Field::Volume, "1\u{0}", "control-character", "position=2"),
            (Field::Issue, "1\r2", "control-character", "position=2"),
            (Field::Genre, "x\u{85}y", "control-character", "position=2"),
            (Field::Year, "14", "no-year", "least=1000 most=2999"),
            (Field::Year, "0999", "no-year", "least=1000 most=2999"),
            (Field::Language, "French", "no-language-but", "suggestion=fr"),
            (Field::Language, "x1", "no-language", ""),
            (Field::IssueDate, "1900-02-29", "no-day", ""),
            (Field::Isbn, "978-0-306-40615-8", "isbn-check-digit", "right=7"),
            (Field::Isbn, "0-306-40615-3", "isbn-check-digit", "right=2"),
            (Field::Isbn, "080442957 1", "isbn-check-digit", "right=X"),
            (Field::Isbn, "97803064", "isbn-length", "digits=8"),
            (Field::Isbn, "none at all", "isbn-character", "character=n"),
            (Field::Isbn, "080442957X1", "isbn-character", "character=X"),
            (Field::Isbn, "979-0-2600-0043-8", "isbn-music", ""),
            (Field::Url, "example.org", "no-link", ""),
            (Field::Corrects, "a name", "name-character", "character=  position=2"),
            (Field::Corrects, "A.B.2014.RETAiL.ePUB.eBOOK", "name-without-group", ""),
            (Field::Corrects, "A.B.2014.RETAiL.ePUB.eBOOK-G", "name-without-group", ""),
            (Field::Corrects, "-GRP", "no-release-name", ""),
        ] {
            assert_eq!(said(field, &[value]), (code, facts.to_owned()), "{field:?} {value:?}");
        }
    }

    #[test]
    fn what_is_too_long_or_too_much_says_how_much_may_be() {
        let long = "a".repeat(LONGEST_VALUE + 1);
        assert_eq!(said(Field::Genre, &[&long]), ("too-long", "length=1001 longest=1000".to_owned()));
        let longer = "a".repeat(LONGEST_DESCRIPTION + 1);
        assert_eq!(said(Field::Description, &[&longer]), ("too-long", "length=20001 longest=20000".to_owned()));
        let name = format!("{}-GRP", "a".repeat(300));
        assert_eq!(said(Field::Corrects, &[&name]), ("too-long", "length=304 longest=243".to_owned()));
        let many = vec!["A"; MOST_VALUES + 1];
        assert_eq!(said(Field::Authors, &many), ("too-many", "count=101 most=100".to_owned()));
        assert_eq!(said(Field::Title, &["A", "B"]), ("one-value", String::new()));
    }
}
