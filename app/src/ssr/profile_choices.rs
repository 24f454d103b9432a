//! The values of a profile that are one or some of a few words, and what ticking some of them changes in a list. The form
//! shows a set: the order of the list, what it holds besides and the comments in it are whoever's that wrote the TOML.

use packer::{finding::Severity, format::Format, name::Tag, profile::Statement};
use toml_edit::{Array, Value};

use super::profile_text::plain;

/// The words that a value is one or some of; none where any text may stand.
pub fn words_of(path: &str) -> Vec<&'static str> {
    match path {
        "layout" => vec!["scene-ebook", "plain", "bagit"],
        "formats" | "naming.unnamed-format" => Format::ALL.into_iter().map(Format::word).collect(),
        "naming.separator" => vec![".", "_"],
        "naming.tags" => Tag::ALL.into_iter().map(Tag::word).collect(),
        "nfo.encoding" => vec!["cp437", "utf-8"],
        "nfo.line-end" => vec!["crlf", "lf"],
        "nfo.states" => Statement::ALL.into_iter().map(Statement::word).collect(),
        "fixes" => vec!["ESP-309", "ESP-323", "ESP-324"],
        "bag.serialization" => vec!["zip", "tar"],
        "blocking.severities" => Severity::ALL.into_iter().map(Severity::word).collect(),
        _ => Vec::new(),
    }
}

/// True when two lists have the same boxes ticked.
pub fn is_same(path: &str, one: &[String], other: &[String]) -> bool {
    words_of(path).into_iter().all(|word| holds(one, word) == holds(other, word))
}

/// Takes out of a list what was unticked, and puts what was ticked at its end.
pub fn change(array: &mut Array, path: &str, shown: &[String], ticked: &[String]) {
    for word in words_of(path) {
        match (holds(shown, word), holds(ticked, word)) {
            (true, false) => remove(array, word),
            (false, true) if !array.iter().any(|value| plain(value) == word) => append(array, word),
            _ => {}
        }
    }
}

fn holds(list: &[String], word: &str) -> bool {
    list.iter().any(|one| one == word)
}

fn remove(array: &mut Array, word: &str) {
    let behind_bracket = array.get(0).and_then(|first| first.decor().prefix()?.as_str().map(str::to_owned));
    array.retain(|value| plain(value) != word);
    // The blank between two words does not come to stand behind the bracket.
    if let Some(first) = array.get_mut(0).filter(|first| first.decor().prefix().and_then(|it| it.as_str()) == Some(" "))
    {
        first.decor_mut().set_prefix(behind_bracket.unwrap_or_default());
    }
}

/// Puts a word at the end of a list, on a line of its own where each has one.
fn append(array: &mut Array, word: &str) {
    let mut value = Value::from(word);
    let is_alone = array.is_empty();
    if let Some(last) = array.len().checked_sub(1).and_then(|last| array.get_mut(last)) {
        let before = last.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        // A comment before the last word is about that word: only the line and its indent are followed.
        let line = before.rfind('\n').and_then(|at| before.get(at..)).unwrap_or(" ").to_owned();
        value.decor_mut().set_prefix(line);
        // What stands between the last word and the bracket stays there.
        let behind = last.decor().suffix().and_then(|suffix| suffix.as_str()).unwrap_or_default().to_owned();
        if behind.trim().is_empty() {
            last.decor_mut().set_suffix("");
            value.decor_mut().set_suffix(behind);
        }
    }
    if is_alone { array.push(value) } else { array.push_formatted(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(before: &str, shown: &[&str], ticked: &[&str]) -> String {
        let mut document: toml_edit::DocumentMut = format!("formats = {before}").parse().unwrap();
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        change(document["formats"].as_array_mut().unwrap(), "formats", &owned(shown), &owned(ticked));
        document.to_string().trim_end().trim_start_matches("formats = ").to_owned()
    }

    #[test]
    fn every_finding_that_can_be_mended_is_offered() {
        assert_eq!(words_of("fixes"), packer::fix::CODES.each_ref().map(packer::finding::FindingCode::as_str));
    }

    #[test]
    fn boxes_know_no_order_and_nothing_that_has_no_box() {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert!(is_same("formats", &list(&["pdf", "epub", "pd"]), &list(&["epub", "pdf"])));
        assert!(!is_same("formats", &list(&["pdf"]), &list(&["epub", "pdf"])));
    }

    #[test]
    fn only_what_was_ticked_or_unticked_changes_in_a_list() {
        assert_eq!(changed(r#"["pdf", "epub", "pd"]"#, &["pdf", "epub"], &["epub"]), r#"["epub", "pd"]"#);
        assert_eq!(changed(r#"["pdf", "pd"]"#, &["pdf"], &["epub", "pdf"]), r#"["pdf", "pd", "epub"]"#);
        assert_eq!(changed("[]", &[], &["epub"]), r#"["epub"]"#);
        let lines = "[\n  # the usual one\n  \"pdf\", # of the press\n  \"cbz\",\n]";
        assert_eq!(
            changed(lines, &["pdf", "cbz"], &["epub", "pdf", "cbz"]),
            "[\n  # the usual one\n  \"pdf\", # of the press\n  \"cbz\",\n  \"epub\",\n]"
        );
        assert_eq!(changed("[ \"pdf\" ]", &["pdf"], &["epub", "pdf"]), "[ \"pdf\", \"epub\" ]");
    }

    #[test]
    fn what_was_typed_meanwhile_is_kept() {
        assert_eq!(changed(r#"["pdf", "cbz"]"#, &["pdf"], &["pdf", "epub"]), r#"["pdf", "cbz", "epub"]"#);
    }
}
