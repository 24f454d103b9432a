//! Mistakes in a profile, each with its place.

use toml::de::{DeTable, DeValue};

/// A mistake in the text of a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}, column {column}: {message}")]
pub struct ProfileError {
    /// The file.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// Counted in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl ProfileError {
    pub(super) fn of_toml(text: &str, file_name: &str, error: &toml::de::Error) -> Self {
        let offset = error.span().map_or(0, |span| span.start);
        Self::at_offset(text, file_name, offset, error.message().to_owned())
    }

    /// A mistake in the value at a path of keys; at the start of the file when there is none.
    pub(super) fn at_path(text: &str, file_name: &str, path: &[&str], message: String) -> Self {
        Self::at_offset(text, file_name, offset_of(text, path).unwrap_or(0), message)
    }

    fn at_offset(text: &str, file_name: &str, offset: usize, message: String) -> Self {
        let (line, column) = place(text, offset);
        Self { file: file_name.to_owned(), line, column, message }
    }
}

/// Line and column, in characters and from 1, of a byte of a text.
pub(crate) fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Where the value at a path begins: of a key in a table, of a number in an array. Where a table has no such key, it is
/// the table itself that is to blame.
fn offset_of(text: &str, path: &[&str]) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let (first, rest) = path.split_first()?;
    let mut value = document.get_ref().get(*first)?;
    for key in rest {
        let inner = match value.get_ref() {
            DeValue::Table(table) => table.get(*key),
            DeValue::Array(array) => key.parse::<usize>().ok().and_then(|index| array.get(index)),
            _ => None,
        };
        value = inner.unwrap_or(value);
    }
    Some(value.span().start)
}
