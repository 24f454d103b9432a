//! What one column of one row may hold: text, a whole number, or nothing. Both engines agree on these three.

use packer::{
    date::ReleaseDate,
    finding::Severity,
    format::Format,
    group::GroupTag,
    hash::{Crc32, Sha256},
    kind::{Kind, Source},
    rights::RightsBasis,
    volume_id::VolumeId,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Timestamp, WordError};

/// A value on its way into a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Nothing.
    Null,
    /// A number that no column can hold; the statement is refused.
    Beyond(u64),
}

/// What the engines know how to read from a column.
pub(crate) trait Raw: Sized {}
impl Raw for String {}
impl Raw for i64 {}

/// A type that a column can be read into.
pub(crate) trait FromCell: Sized {
    /// How the column holds it.
    type Raw: Raw;

    /// Reads it, or says what is wrong with it.
    fn from_cell(raw: Self::Raw) -> Result<Self, Wrong>;
}

/// What is wrong with a cell.
pub(crate) type Wrong = Box<dyn std::error::Error + Send + Sync>;

/// Stores a type as its text: written by `Display`, read by `FromStr`.
macro_rules! through_text {
    ($name:ty) => {
        impl From<&$name> for $crate::cell::Value {
            fn from(value: &$name) -> Self {
                Self::Text(value.to_string())
            }
        }

        impl From<$name> for $crate::cell::Value {
            fn from(value: $name) -> Self {
                Self::Text(value.to_string())
            }
        }

        impl $crate::cell::FromCell for $name {
            type Raw = String;

            fn from_cell(raw: String) -> Result<Self, $crate::cell::Wrong> {
                Ok(raw.parse()?)
            }
        }
    };
}
pub(crate) use through_text;

through_text!(String);
through_text!(Sha256);
through_text!(Crc32);
through_text!(GroupTag);
through_text!(VolumeId);
through_text!(ReleaseDate);

/// Stores one of the packer's closed sets as its word.
macro_rules! through_word {
    ($name:ty, $what:literal, $word:expr) => {
        impl From<$name> for Value {
            fn from(value: $name) -> Self {
                Self::Text($word(value).to_owned())
            }
        }

        impl FromCell for $name {
            type Raw = String;

            fn from_cell(raw: String) -> Result<Self, Wrong> {
                let found = <$name>::ALL.into_iter().find(|value| $word(*value) == raw);
                found.ok_or_else(|| WordError { what: $what, text: raw }.into())
            }
        }
    };
}

through_word!(Format, "format", Format::word);
through_word!(Kind, "kind", Kind::word);
through_word!(Severity, "severity", Severity::word);

impl From<Source> for Value {
    fn from(source: Source) -> Self {
        Self::Text(source.tag().to_owned())
    }
}

impl FromCell for Source {
    type Raw = String;

    fn from_cell(raw: String) -> Result<Self, Wrong> {
        let found = [Self::Retail, Self::Scan].into_iter().find(|source| source.tag() == raw);
        found.ok_or_else(|| WordError { what: "source", text: raw }.into())
    }
}

impl From<&RightsBasis> for Value {
    fn from(basis: &RightsBasis) -> Self {
        Self::Text(basis.word().to_owned())
    }
}

impl FromCell for RightsBasis {
    type Raw = String;

    fn from_cell(raw: String) -> Result<Self, Wrong> {
        Ok(Self::from(raw))
    }
}

impl From<&&str> for Value {
    fn from(text: &&str) -> Self {
        Self::Text((*text).to_owned())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        i64::try_from(number).map_or(Self::Beyond(number), Self::Integer)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Integer(yes.into())
    }
}

impl From<Timestamp> for Value {
    fn from(timestamp: Timestamp) -> Self {
        Self::Integer(timestamp.0)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Reads numbers, each in the range of its own type.
macro_rules! through_number {
    ($($name:ty),+) => {
        $(impl FromCell for $name {
            type Raw = i64;

            fn from_cell(raw: i64) -> Result<Self, Wrong> {
                Ok(raw.try_into()?)
            }
        })+
    };
}

through_number!(i64, u16, u32, u64);

impl FromCell for bool {
    type Raw = i64;

    fn from_cell(raw: i64) -> Result<Self, Wrong> {
        Ok(raw != 0)
    }
}

impl FromCell for Timestamp {
    type Raw = i64;

    fn from_cell(raw: i64) -> Result<Self, Wrong> {
        Ok(Self(raw))
    }
}

/// A value stored as JSON text.
#[derive(Debug)]
pub(crate) struct Json<T>(pub T);

impl<T: DeserializeOwned> FromCell for Json<T> {
    type Raw = String;

    fn from_cell(raw: String) -> Result<Self, Wrong> {
        Ok(Self(serde_json::from_str(&raw)?))
    }
}

impl<T: Serialize> From<Json<&T>> for Value {
    fn from(json: Json<&T>) -> Self {
        // Everything that is stored so has keys of text and no failing serialiser.
        Self::Text(serde_json::to_string(json.0).expect("plain data becomes JSON"))
    }
}
