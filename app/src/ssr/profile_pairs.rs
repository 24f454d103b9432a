//! A table of a profile as lines `KEY = value`, and what typing in them changes in the table.

use std::collections::BTreeMap;

use toml_edit::{Item, TableLike, Value};

/// Which lines count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// Every one: of one that is not whole the profile says what is wrong with it.
    All,
    /// Those with a key and a value: the others are still being typed.
    Whole,
}

/// True when the lines of two texts say the same.
pub fn is_same(lines: Lines, one: &str, other: &str) -> bool {
    pairs(lines, one) == pairs(lines, other)
}

/// Puts into a table what was changed in its lines, and takes out what was deleted there.
pub fn change(table: &mut dyn TableLike, lines: Lines, shown: &str, typed: &str) {
    let (shown, typed) = (pairs(lines, shown), pairs(lines, typed));
    for gone in shown.keys().filter(|key| !typed.contains_key(*key)) {
        table.remove(gone);
    }
    for (key, value) in typed.into_iter().filter(|(key, value)| shown.get(key) != Some(value)) {
        table.insert(key, Item::Value(Value::from(value)));
    }
}

fn pairs(lines: Lines, text: &str) -> BTreeMap<&str, &str> {
    let filled = text.lines().filter(|line| !line.trim().is_empty());
    filled
        .map(|line| line.split_once('=').unwrap_or((line, "")))
        .map(|(key, value)| (key.trim().trim_matches('"'), value.trim().trim_matches('"')))
        .filter(|(key, value)| lines == Lines::All || !(key.is_empty() || value.is_empty()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_changed_in_the_lines_changes_in_the_table() {
        let mut document: toml_edit::DocumentMut =
            "# of the house\nA-1 = \"info\"\nA-2 = \"error\" # for now\nA-3 = \"usage\"\n".parse().unwrap();
        let shown = "A-1 = info\nA-2 = error\nA-3 = usage\n";
        change(document.as_table_mut(), Lines::Whole, shown, "A-2=error\nA-1 = \"usage\"\nA-4");
        let text = document.to_string();
        assert!(text.contains("A-1 = \"usage\"") && text.contains("A-2 = \"error\" # for now"), "{text}");
        assert!(!text.contains("A-3") && !text.contains("A-4"), "{text}");
    }
}
