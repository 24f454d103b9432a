//! The files of the languages, read once.

use std::{collections::BTreeMap, sync::LazyLock};

use icu_locale_core::LanguageIdentifier;
use icu_plurals::{PluralCategory, PluralRules, PluralRulesOptions};

use crate::model::locale::Locale;

include!(concat!(env!("OUT_DIR"), "/catalogues.rs"));

/// One text, or one for each number of things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    Plain(String),
    /// The forms of Unicode's plural rules that a language has; `other` is for every number without a form of its own.
    Counted {
        forms: Vec<(PluralCategory, String)>,
        other: String,
    },
}

/// Everything that one language says.
#[derive(Debug)]
pub(super) struct Catalogue {
    /// Every text by its key.
    pub(super) entries: BTreeMap<String, Entry>,
    /// Whose rules say which form a number takes.
    language: LanguageIdentifier,
}

static CATALOGUES: LazyLock<Vec<Catalogue>> =
    LazyLock::new(|| Locale::all().map(|locale| Catalogue::read(locale.tag(), FILES[locale.place()])).collect());

/// What a language says.
pub(super) fn of(locale: Locale) -> &'static Catalogue {
    &CATALOGUES[locale.place()]
}

impl Catalogue {
    fn read(tag: &str, file: &str) -> Self {
        let table: toml::Table = file.parse().expect("the build reads every file");
        let mut entries = BTreeMap::new();
        flatten("", table, &mut entries);
        let language = tag.parse().expect("the build takes only files that are named by a tag");
        Self { entries, language }
    }

    /// The form that stands for a number of things.
    pub(super) fn form<'a>(&self, forms: &'a [(PluralCategory, String)], count: u64) -> Option<&'a str> {
        // Made anew for each text: they are looked up in a table of the program, and cannot be shared by threads.
        let rules = PluralRules::try_new((&self.language).into(), PluralRulesOptions::default()).ok()?;
        let category = rules.category_for(count);
        forms.iter().find(|(known, _)| *known == category).map(|(_, text)| text.as_str())
    }
}

/// Nested tables become keys with dots; a table of nothing but forms for numbers, more than one, is one counted text.
fn flatten(prefix: &str, table: toml::Table, entries: &mut BTreeMap<String, Entry>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::String(text) => {
                entries.insert(key, Entry::Plain(text));
            }
            toml::Value::Table(inner) => match counted(&inner) {
                Some(entry) => drop(entries.insert(key, entry)),
                None => flatten(&key, inner, entries),
            },
            other => entries.extend([(key, Entry::Plain(other.to_string()))]),
        }
    }
}

fn counted(table: &toml::Table) -> Option<Entry> {
    let mut forms = Vec::new();
    for (name, text) in table {
        let category = PluralCategory::get_for_cldr_string(name)?;
        forms.push((category, text.as_str()?.to_owned()));
    }
    let other = forms.iter().position(|(category, _)| *category == PluralCategory::Other)?;
    let (_, other) = forms.remove(other);
    (!forms.is_empty()).then_some(Entry::Counted { forms, other })
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    /// Families whose words come with data: `texts.word(FAMILY, …)`. Their keys stand in no source text.
    const FAMILIES: [&str; 55] = [
        "last-resort",
        "month",
        "unit",
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

    fn english() -> &'static BTreeMap<String, Entry> {
        &of(Locale::ENGLISH).entries
    }

    /// Every text of an entry, the one for all other numbers last.
    fn texts(entry: &Entry) -> Vec<&str> {
        match entry {
            Entry::Plain(text) => vec![text],
            Entry::Counted { forms, other } => {
                forms.iter().map(|(_, text)| text.as_str()).chain([other.as_str()]).collect()
            }
        }
    }

    #[test]
    fn every_language_has_the_keys_of_english_with_the_same_places() {
        for locale in Locale::all() {
            let (tag, entries) = (locale.tag(), &of(locale).entries);
            assert_eq!(english().keys().collect::<Vec<_>>(), entries.keys().collect::<Vec<_>>(), "{tag}");
            for (key, english) in english() {
                let (english, own) = (texts(english), texts(&entries[key]));
                let all = places(own.last().unwrap());
                assert_eq!(places(english.last().unwrap()), all, "{tag} {key}");
                assert!(own.iter().all(|form| places(form).is_subset(&all)), "{tag} {key}");
                // A language without numbers in its words has one text for all of them.
                assert!(english.len() > 1 || own.len() == 1, "{tag} {key} is counted, and not in English");
            }
        }
    }

    #[test]
    fn a_number_takes_the_form_that_its_language_gives_it() {
        let polish = Catalogue::read(
            "pl",
            "[file]\ncount = { one = \"{count} plik\", few = \"{count} pliki\", many = \"{count} plików\", other = \"{count} pliku\" }",
        );
        let Entry::Counted { forms, .. } = &polish.entries["file.count"] else { panic!("{polish:?}") };
        let form = |count| polish.form(forms, count).unwrap();
        assert_eq!(
            [1, 2, 5, 12, 22].map(form),
            ["plik", "pliki", "plików", "plików", "pliki"].map(|word| format!("{{count}} {word}"))
        );
        let (english, french) = (of(Locale::ENGLISH), of(Locale::french()));
        let forms = [(PluralCategory::One, "one".to_owned())];
        let of_both = |count| (english.form(&forms, count), french.form(&forms, count));
        // Unicode's plural rules: French counts nothing as one thing, English does not.
        assert_eq!(of_both(0), (None, Some("one")));
        assert_eq!(of_both(1), (Some("one"), Some("one")));
        assert_eq!(of_both(2), (None, None));
        assert_eq!(of_both(1_000_000), (None, None));
    }

    #[test]
    fn every_key_is_used() {
        let sources = sources("src") + &sources("../server/src");
        let unused: Vec<_> = english()
            .keys()
            .filter(|key| !FAMILIES.iter().any(|family| key.starts_with(&format!("{family}."))))
            .filter(|key| !sources.contains(&format!("\"{key}\"")))
            .collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn every_key_that_is_used_exists() {
        let sources = sources("src") + &sources("../server/src");
        for call in [".say(\"", ".say_with(\"", ".count(\"", ".count_with(\""] {
            for rest in sources.split(call).skip(1) {
                let key = rest.split('"').next().unwrap();
                // The calls of this very test.
                if key.contains('.') {
                    assert!(english().contains_key(key), "{key}");
                }
            }
        }
        for family in FAMILIES {
            let prefix = format!("{family}.");
            assert!(english().keys().any(|key| key.starts_with(&prefix)), "{family}");
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
        let mute: Vec<_> = codes.iter().filter(|code| !english().contains_key(&format!("error.{code}"))).collect();
        assert!(mute.is_empty(), "{mute:?}");
    }

    #[test]
    fn a_french_mark_never_begins_a_line() {
        // U+202F before ; ? and !, U+00A0 before : and inside « ».
        for (key, entry) in &of(Locale::french()).entries {
            let texts = texts(entry).into_iter();
            for (text, plain) in texts.flat_map(|text| [" ;", " ?", " !", " :", "« ", " »"].map(|at| (text, at))) {
                assert!(!text.contains(plain), "{key} has a plain space in {plain:?}");
            }
        }
    }

    #[test]
    fn no_text_is_empty_or_shouts() {
        for (key, entry) in Locale::all().flat_map(|locale| &of(locale).entries) {
            for text in texts(entry) {
                assert!(!text.trim().is_empty(), "{key}");
                assert!(!text.contains('!'), "{key}");
            }
        }
    }
}
