//! A profile as TOML and as a form: one document, of which the form changes single values and leaves every comment, blank
//! line and order as somebody wrote it.

use std::collections::BTreeMap;

use packer::{
    info::template,
    profile::{Layout, Profile},
};
use toml_edit::{Array, DocumentMut, Item, Table, Value};

use super::{
    profile_choices,
    profile_pairs::{self, Lines},
};
use crate::model::profile_form::ProfileForm;

/// What a value of a profile is in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A word or a line.
    Word,
    /// A whole number.
    Number,
    /// Words in one line, parted by blanks.
    Words,
    /// Whole numbers in one line, parted by blanks.
    Numbers,
    /// Some of a few words, ticked one by one.
    Choices,
    /// A line for each key of a table: `KEY = value`.
    Pairs,
    /// The template of an info file. The product's own one is no value: then the key is left out.
    Template,
}

/// Every value that the form has, by its path, in the order of the form.
pub const ENTRIES: [(&str, Shape); 41] = [
    ("name", Shape::Word),
    ("layout", Shape::Word),
    ("formats", Shape::Choices),
    ("naming.separator", Shape::Word),
    ("naming.longest", Shape::Number),
    ("naming.tags", Shape::Choices),
    ("naming.unnamed-language", Shape::Word),
    ("naming.unnamed-format", Shape::Word),
    ("naming.authors.most", Shape::Number),
    ("naming.authors.joined-by", Shape::Word),
    ("naming.authors.others", Shape::Word),
    ("naming.patterns.book", Shape::Words),
    ("naming.patterns.textbook", Shape::Words),
    ("naming.patterns.magazine", Shape::Words),
    ("naming.patterns.comic", Shape::Words),
    ("naming.patterns.manga", Shape::Words),
    ("naming.patterns.newspaper", Shape::Words),
    ("required.book", Shape::Words),
    ("required.textbook", Shape::Words),
    ("required.magazine", Shape::Words),
    ("required.comic", Shape::Words),
    ("required.manga", Shape::Words),
    ("required.newspaper", Shape::Words),
    ("nfo.template", Shape::Word),
    ("nfo.encoding", Shape::Word),
    ("nfo.line-end", Shape::Word),
    ("nfo.columns", Shape::Number),
    ("nfo.states", Shape::Choices),
    ("nfo.text", Shape::Template),
    ("diz.template", Shape::Word),
    ("diz.columns", Shape::Number),
    ("diz.lines", Shape::Number),
    ("diz.text", Shape::Template),
    ("volumes.sizes", Shape::Numbers),
    ("volumes.most", Shape::Number),
    ("bag.serialization", Shape::Word),
    ("fixes", Shape::Choices),
    ("blocking.severities", Shape::Choices),
    ("blocking.codes", Shape::Words),
    ("severities", Shape::Pairs),
    ("version", Shape::Number),
];

/// Tables that only some layouts have: a value in one that is not there belongs to no profile of this layout.
const OF_A_LAYOUT: [&str; 3] = ["diz", "volumes", "bag"];

/// What the form shows of a text, by path: one text for each value, several for ticked ones. Nothing for a text that is no
/// TOML at all.
pub fn read(text: &str) -> Option<BTreeMap<&'static str, Vec<String>>> {
    let document: DocumentMut = text.parse().ok()?;
    let values = ENTRIES.into_iter().filter(|(path, _)| is_of_layout(&document, path));
    Some(values.map(|(path, shape)| (path, value(&document, path, shape))).collect())
}

/// The text of a form that is sent: what was typed as TOML, with those values put into it that the form holds and did not
/// show. A text that is no TOML stays as it is.
pub fn merged(form: &ProfileForm) -> String {
    merge(form, Lines::All)
}

/// The text of a form in which somebody is typing: a line `KEY = value` counts once it is whole.
pub fn merged_so_far(form: &ProfileForm) -> String {
    merge(form, Lines::Whole)
}

fn merge(form: &ProfileForm, lines: Lines) -> String {
    let text = lines_of(&form.text);
    let (Ok(mut document), Some(shown)) = (text.parse::<DocumentMut>(), read(&lines_of(&form.shown))) else {
        return text;
    };
    let changed = ENTRIES.into_iter().filter_map(|(path, shape)| {
        let posted = posted(form, path, shape)?;
        let before = shown.get(path)?;
        (!is_same(path, shape, lines, before, &posted)).then_some((path, shape, before, posted))
    });
    let mut is_changed = false;
    for (path, shape, before, posted) in changed {
        if path == "layout" {
            follow_layout(&mut document, posted.first().map_or("", String::as_str));
        }
        if is_of_layout(&document, path) {
            match shape {
                Shape::Choices => choose(&mut document, path, before, &posted),
                Shape::Pairs => put_pairs(&mut document, path, lines, before, &posted),
                _ => put(&mut document, path, shape, &posted),
            }
            is_changed = true;
        }
    }
    // A document that nobody changed is given back byte for byte.
    if is_changed { document.to_string() } else { text }
}

/// True when the form holds what a text says, so that nothing in it needs to be filled anew. Of a text that is no TOML
/// there is nothing to fill it from.
pub fn is_filled_from(form: &ProfileForm, text: &str) -> bool {
    let Some(values) = read(text) else { return true };
    let shown = read(&lines_of(&form.shown)).unwrap_or_default();
    let same_places = shown.keys().eq(values.keys());
    same_places
        && ENTRIES.into_iter().all(|(path, shape)| match (values.get(path), posted(form, path, shape)) {
            (Some(value), Some(posted)) => is_same(path, shape, Lines::Whole, value, &posted),
            _ => true,
        })
}

/// What the form holds of a value; nothing where it has no field for it.
fn posted(form: &ProfileForm, path: &str, shape: Shape) -> Option<Vec<String>> {
    match shape {
        Shape::Choices => form.lists.get(path).map(|list| list.iter().filter(|one| !one.is_empty()).cloned().collect()),
        _ => form.values.get(path).map(|value| vec![lines_of(value)]),
    }
}

/// True when two values mean the same: blanks around and between words mean nothing, nor does the order of ticked ones.
fn is_same(path: &str, shape: Shape, lines: Lines, one: &[String], other: &[String]) -> bool {
    let words = |values: &[String]| {
        values.iter().flat_map(|value| value.split_whitespace().map(str::to_owned)).collect::<Vec<_>>()
    };
    let (text, another) = (one.concat(), other.concat());
    match shape {
        Shape::Words | Shape::Numbers => words(one) == words(other),
        Shape::Pairs => profile_pairs::is_same(lines, &text, &another),
        Shape::Template => text.trim_end() == another.trim_end(),
        Shape::Choices => profile_choices::is_same(path, one, other),
        Shape::Word => text.trim() == another.trim(),
        Shape::Number => plain(&number(&text)) == plain(&number(&another)),
    }
}

fn is_of_layout(document: &DocumentMut, path: &str) -> bool {
    let table = path.split('.').next().unwrap_or_default();
    !OF_A_LAYOUT.contains(&table) || document.contains_key(table)
}

fn item<'a>(document: &'a DocumentMut, path: &str) -> Option<&'a Item> {
    path.split('.').try_fold(document.as_item(), |item, key| item.get(key))
}

/// A value as the form shows it; what is not there is empty.
fn value(document: &DocumentMut, path: &str, shape: Shape) -> Vec<String> {
    let found = item(document, path);
    let texts = |separator: &str| {
        let array = found.and_then(Item::as_array);
        array.map(|array| array.iter().map(plain).collect::<Vec<_>>().join(separator)).unwrap_or_default()
    };
    match shape {
        Shape::Choices => {
            found.and_then(Item::as_array).map(|array| array.iter().map(plain).collect()).unwrap_or_default()
        }
        Shape::Words | Shape::Numbers => vec![texts(" ")],
        Shape::Word | Shape::Number => vec![found.and_then(Item::as_value).map(plain).unwrap_or_default()],
        Shape::Pairs => {
            let pairs = found.and_then(Item::as_table_like).into_iter().flat_map(|table| table.iter());
            let line = |(key, item): (&str, &Item)| {
                [key, " = ", &item.as_value().map(plain).unwrap_or_default(), "\n"].concat()
            };
            vec![pairs.map(line).collect()]
        }
        Shape::Template => {
            let own = found.and_then(Item::as_str).map(str::to_owned);
            vec![own.or_else(|| usual_template(document, path)).unwrap_or_default()]
        }
    }
}

/// The template of the product that a profile follows while it has none of its own.
fn usual_template(document: &DocumentMut, path: &str) -> Option<String> {
    let table = path.split('.').next()?;
    let name = item(document, &format!("{table}.template"))?.as_str()?;
    let text = if table == "nfo" { template::built_in_nfo(name) } else { template::built_in_diz(name) };
    text.map(str::to_owned)
}

/// A value without quotes.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.value().clone(),
        Value::Integer(number) => number.value().to_string(),
        Value::Boolean(truth) => truth.value().to_string(),
        other => other.to_string().trim().to_owned(),
    }
}

/// What was typed as a number, and whatever else it is as a text: the profile then says what is wrong, and where.
fn number(text: &str) -> Value {
    text.trim().parse::<i64>().map_or_else(|_| Value::from(text.trim()), Value::from)
}

fn put(document: &mut DocumentMut, path: &str, shape: Shape, posted: &[String]) {
    let first = posted.first().map(String::as_str).unwrap_or_default();
    let value = match shape {
        Shape::Word => Value::from(first.trim()),
        Shape::Number => number(first),
        Shape::Words => Value::Array(first.split_whitespace().collect::<Array>()),
        Shape::Numbers => Value::Array(first.split_whitespace().map(number).collect::<Array>()),
        Shape::Template => {
            let usual = usual_template(document, path).unwrap_or_default();
            if first.trim().is_empty() || first.trim_end() == usual.trim_end() {
                remove(document, path);
                return;
            }
            Value::from(format!("{}\n", first.trim_end()))
        }
        Shape::Choices | Shape::Pairs => return,
    };
    let Some((parent, key)) = parent(document, path) else { return };
    let mut value = value;
    if let Some(before) = parent.get(key).and_then(Item::as_value) {
        // A comment behind the value stays where it is.
        *value.decor_mut() = before.decor().clone();
    }
    parent.insert(key, Item::Value(value));
}

/// Ticks and unticks in a list what was ticked and unticked in the form.
fn choose(document: &mut DocumentMut, path: &str, shown: &[String], ticked: &[String]) {
    let Some((parent, key)) = parent(document, path) else { return };
    match parent.get_mut(key).and_then(Item::as_array_mut) {
        Some(array) => profile_choices::change(array, path, shown, ticked),
        None => drop(parent.insert(key, Item::Value(ticked.iter().map(String::as_str).collect::<Array>().into()))),
    }
}

fn put_pairs(document: &mut DocumentMut, path: &str, lines: Lines, shown: &[String], posted: &[String]) {
    let Some((parent, key)) = parent(document, path) else { return };
    let item = parent.entry(key).or_insert_with(|| Item::Table(Table::new()));
    if let Some(table) = item.as_table_like_mut() {
        profile_pairs::change(table, lines, &shown.concat(), &posted.concat());
    }
}

fn remove(document: &mut DocumentMut, path: &str) {
    if let Some((parent, key)) = parent(document, path) {
        parent.remove(key);
    }
}

/// The table that a path's last key stands in, made where it is not there.
fn parent<'a, 'p>(document: &'a mut DocumentMut, path: &'p str) -> Option<(&'a mut dyn toml_edit::TableLike, &'p str)> {
    let (tables, key) = path.rsplit_once('.').map_or((None, path), |(tables, key)| (Some(tables), key));
    let mut table: &mut dyn toml_edit::TableLike = document.as_table_mut();
    for name in tables.into_iter().flat_map(|tables| tables.split('.')) {
        table = table.entry(name).or_insert_with(|| Item::Table(Table::new())).as_table_like_mut()?;
    }
    Some((table, key))
}

/// Gives the document the tables that a layout has, as the product's profile of that layout has them, and takes the others
/// away.
fn follow_layout(document: &mut DocumentMut, layout: &str) {
    let of_layout = |profile: &&'static Profile| word(profile.layout) == layout;
    let Some(usual) = Profile::built_ins().find(of_layout).and_then(|profile| Profile::built_in_text(&profile.name))
    else {
        return;
    };
    let Ok(usual) = usual.parse::<DocumentMut>() else { return };
    for name in OF_A_LAYOUT {
        match (usual.get(name), document.contains_key(name)) {
            (Some(table), false) => {
                document.insert(name, table.clone());
            }
            (None, true) => {
                document.remove(name);
            }
            _ => {}
        }
    }
}

/// The word of a layout, as it stands in a profile.
pub fn word(layout: Layout) -> &'static str {
    match layout {
        Layout::SceneEbook => "scene-ebook",
        Layout::Plain => "plain",
        Layout::Bagit => "bagit",
    }
}

/// A form gives every line the end that mail has.
fn lines_of(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests;
