//! Mistakes in a profile, each with its place.

use toml::de::{DeTable, DeValue};

use crate::info::TemplateError;

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
    /// The mistake of a template of the profile, of the `NFO` or of the `DIZ`, with its place there.
    pub template: Option<Box<(&'static str, TemplateError)>>,
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

    /// A mistake in a template: where it stands in the text of the profile when it is the profile's own, else where the
    /// profile names it.
    pub(super) fn in_template(text: &str, file_name: &str, template: &'static str, error: TemplateError) -> Self {
        let table = if template == "DIZ" { "diz" } else { "nfo" };
        let own = value_at(text, &[table, "text"]).map(|start| within(text, start, (error.line, error.column)));
        let offset = own.or_else(|| offset_of(text, &[table, "template"])).unwrap_or(0);
        let message = format!("in the template of the {template}, {error}");
        Self { template: Some(Box::new((template, error))), ..Self::at_offset(text, file_name, offset, message) }
    }

    fn at_offset(text: &str, file_name: &str, offset: usize, message: String) -> Self {
        let (line, column) = place(text, offset);
        Self { file: file_name.to_owned(), line, column, message, template: None }
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

/// Where the value at a path of keys of tables begins; nothing where there is none.
fn value_at(text: &str, path: &[&str]) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let (first, rest) = path.split_first()?;
    let start = document.get_ref().get(*first)?;
    let value = rest.iter().try_fold(start, |value, key| match value.get_ref() {
        DeValue::Table(table) => table.get(*key),
        _ => None,
    })?;
    Some(value.span().start)
}

/// The byte of a text at which a line and a column of the string are that begins at `start`: escapes and the ways to break
/// a line make the string another than what is written.
fn within(text: &str, start: usize, place: (usize, usize)) -> usize {
    let written = &text[start..];
    let quote = written.get(..1).unwrap_or_default();
    let tripled = quote.repeat(3);
    let end = if written.starts_with(&tripled) { tripled.as_str() } else { quote };
    let mut rest = &written[end.len()..];
    if end.len() > 1 {
        // The first break of such a string is none of its own.
        rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).unwrap_or(rest);
    }
    let mut at = (1, 1);
    while at < place && !rest.is_empty() && !rest.starts_with(end) {
        let (length, meant) = sign(rest, quote == "\"");
        at = match meant {
            Meant::One => (at.0, at.1 + 1),
            Meant::Break => (at.0 + 1, 1),
            Meant::Nothing => at,
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    text.len() - rest.len()
}

/// What a sign of a string stands for.
enum Meant {
    /// One character.
    One,
    /// The end of a line.
    Break,
    /// No character: a line that goes on in the next one.
    Nothing,
}

/// How many bytes the first sign of a string has, and what it stands for.
fn sign(text: &str, has_escapes: bool) -> (usize, Meant) {
    let mut signs = text.chars();
    let first = signs.next().unwrap_or_default();
    if first == '\n' {
        return (1, Meant::Break);
    }
    if first != '\\' || !has_escapes {
        return (first.len_utf8(), Meant::One);
    }
    match signs.next() {
        Some('n') => (2, Meant::Break),
        Some('x') => (4, Meant::One),
        Some('u') => (6, Meant::One),
        Some('U') => (10, Meant::One),
        Some(white) if white.is_whitespace() => (text.len() - text[1..].trim_start().len(), Meant::Nothing),
        _ => (2, Meant::One),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_string_is_found_where_it_is_written() {
        for (written, place, found) in [
            ("\"\"\"\none\ntwo X\"\"\"", (2, 5), "X"),
            ("'''one\ntwo \\ X'''", (2, 7), "X"),
            ("\"one\\ntwo X\"", (2, 5), "X"),
            ("\"\\u00e9\\U0001F4D6\\t\\\\X\"", (1, 5), "X"),
            ("\"\"\"one \\\n   two X\"\"\"", (1, 9), "X"),
            ("'é X'", (1, 3), "X"),
            // Behind its end is its end.
            ("'one'", (4, 1), "'"),
        ] {
            let text = format!("a = 1\ntext = {written}\n");
            let at = within(&text, 13, place);
            assert!(text[at..].starts_with(found), "{written}: {}", &text[at..]);
        }
    }
}
