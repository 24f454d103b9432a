//! The two files, read once.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::model::locale::Locale;

/// One text, or one for each number of things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    Plain(String),
    Counted { one: String, other: String },
}

static ENGLISH: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| read(include_str!("../../texts/en.toml")));
static FRENCH: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| read(include_str!("../../texts/fr.toml")));

/// Every text of a language, by its key.
pub(super) fn entries(locale: Locale) -> &'static BTreeMap<String, Entry> {
    match locale {
        Locale::English => &ENGLISH,
        Locale::French => &FRENCH,
    }
}

fn read(file: &str) -> BTreeMap<String, Entry> {
    let table: toml::Table = file.parse().expect("the catalogue is part of the program, and a test reads it");
    let mut entries = BTreeMap::new();
    flatten("", table, &mut entries);
    entries
}

/// Nested tables become keys with dots; a table of `one` and `other` is one counted text.
fn flatten(prefix: &str, table: toml::Table, entries: &mut BTreeMap<String, Entry>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::String(text) => {
                entries.insert(key, Entry::Plain(text));
            }
            toml::Value::Table(inner) => match (inner.get("one"), inner.get("other"), inner.len()) {
                (Some(toml::Value::String(one)), Some(toml::Value::String(other)), 2) => {
                    entries.insert(key, Entry::Counted { one: one.clone(), other: other.clone() });
                }
                _ => flatten(&key, inner, entries),
            },
            other => entries.extend([(key, Entry::Plain(other.to_string()))]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    /// Families whose words come with data: `texts.word(FAMILY, …)`. Their keys stand in no source text.
    const FAMILIES: [&str; 52] = [
        "resource",
        "action",
        "audit-action",
        "audit-member",
        "inbox-state",
        "token-scope",
        "status",
        "job-state",
        "job-kind",
        "job-failure",
        "outcome",
        "stage",
        "severity",
        "origin",
        "rights",
        "refusal",
        "kind",
        "role",
        "theme",
        "sort",
        "done",
        "error",
        "field-problem",
        "not-found",
        "field",
        "log",
        "problem",
        "source",
        "file-outcome",
        "file-found",
        "volumes-outcome",
        "verdict",
        "verify-failure",
        "signature",
        "bag-fault",
        "look",
        "fate",
        "correction",
        "setting",
        "setting-hint",
        "told-from",
        "variable",
        "variable-default",
        "rules",
        "rule",
        "statement",
        "template-variable",
        "layout",
        "likeness",
        "finding-family",
        "profile-message",
        "template-fault",
    ];

    /// Of uploads that are gone on with: the page acts on these, and shows none of them.
    const NOT_SHOWN: [&str; 3] = ["offset-mismatch", "upload-closed", "upload-incomplete"];

    fn sources(folder: &str) -> String {
        fn walk(folder: &Path, all: &mut String) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, all);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    all.push_str(&fs::read_to_string(&path).unwrap());
                }
            }
        }
        let mut all = String::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut all);
        all
    }

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_places() {
        assert_eq!(ENGLISH.keys().collect::<Vec<_>>(), FRENCH.keys().collect::<Vec<_>>());
        for (key, english) in &*ENGLISH {
            match (english, &FRENCH[key]) {
                (Entry::Plain(english), Entry::Plain(french)) => assert_eq!(places(english), places(french), "{key}"),
                (Entry::Counted { other: english, .. }, Entry::Counted { one, other }) => {
                    assert_eq!(places(english), places(other), "{key}");
                    assert!(places(one).is_subset(&places(other)), "{key}");
                }
                _ => panic!("{key} is counted in one language only"),
            }
        }
    }

    #[test]
    fn every_key_is_used() {
        let sources = sources("src");
        let unused: Vec<_> = ENGLISH
            .keys()
            .filter(|key| !FAMILIES.iter().any(|family| key.starts_with(&format!("{family}."))))
            .filter(|key| !sources.contains(&format!("\"{key}\"")))
            .collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn every_key_that_is_used_exists() {
        let sources = sources("src");
        for call in [".say(\"", ".say_with(\"", ".count(\"", ".count_with(\""] {
            for rest in sources.split(call).skip(1) {
                let key = rest.split('"').next().unwrap();
                // The calls of this very test.
                if key.contains('.') {
                    assert!(ENGLISH.contains_key(key), "{key}");
                }
            }
        }
        for family in FAMILIES {
            let prefix = format!("{family}.");
            assert!(ENGLISH.keys().any(|key| key.starts_with(&prefix)), "{family}");
            assert!(sources.contains(&format!("(\"{family}\"")), "{family}");
        }
    }

    #[test]
    fn every_refusal_of_a_use_case_has_a_sentence() {
        let sources = sources("../crates/service/src");
        let codes: BTreeSet<&str> = ["Failure::conflict(", "Failure::refused("]
            .into_iter()
            .flat_map(|call| sources.split(call).skip(1))
            .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
            .filter(|code| !NOT_SHOWN.contains(code))
            .collect();
        assert!(codes.len() > 20, "{codes:?}");
        let mute: Vec<_> = codes.iter().filter(|code| !ENGLISH.contains_key(&format!("error.{code}"))).collect();
        assert!(mute.is_empty(), "{mute:?}");
    }

    #[test]
    fn a_french_mark_never_begins_a_line() {
        // U+202F before ; ? and !, U+00A0 before : and inside « ».
        for (key, entry) in &*FRENCH {
            let texts = match entry {
                Entry::Plain(text) => vec![text],
                Entry::Counted { one, other } => vec![one, other],
            };
            for (text, plain) in texts.iter().flat_map(|text| [" ;", " ?", " !", " :", "« ", " »"].map(|at| (text, at)))
            {
                assert!(!text.contains(plain), "{key} has a plain space in {plain:?}");
            }
        }
    }

    #[test]
    fn no_text_is_empty_or_shouts() {
        for entries in [&*ENGLISH, &*FRENCH] {
            for (key, entry) in entries {
                let (Entry::Plain(text) | Entry::Counted { other: text, .. }) = entry;
                assert!(!text.trim().is_empty(), "{key}");
                assert!(!text.contains('!'), "{key}");
            }
        }
    }
}
