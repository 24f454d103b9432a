//! The catalogue of texts: one file for each language, the same keys in all.
//!
//! Only the server has it. An island gets the few texts it shows as props, so that the browser never loads a catalogue.
//!
//! To add a text: a key in every file of `texts`, and its use. A test fails on a key that one of them lacks, on one that
//! nothing uses, and on placeholders that differ. To add a language: its file.

mod catalogue;
mod number;
mod profile_message;
pub mod time;

use std::{collections::BTreeMap, fmt::Display};

use leptos::prelude::use_context;
use packer::{
    explanation::{self, Language},
    finding::Finding,
    rights::RightsBasis,
};
use service::{JobFailure, Problem, Role};

use self::catalogue::Entry;
use crate::{
    error::{AppError, FieldProblem},
    model::locale::Locale,
};

/// True for the code of a failure that lies in the book itself: it is refused.
pub fn is_refusal(code: &str) -> bool {
    service::jobs::REFUSALS.contains(&code)
}

/// The texts of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    locale: Locale,
}

/// The texts of the page that is being rendered.
pub fn texts() -> Texts {
    Texts::of(use_context::<Locale>().unwrap_or_default())
}

impl Texts {
    /// The texts of a language.
    pub fn of(locale: Locale) -> Self {
        Self { locale }
    }

    /// The language.
    pub fn locale(self) -> Locale {
        self.locale
    }

    /// The language's own name for itself.
    pub fn own_name(self) -> &'static str {
        self.say("language.name")
    }

    /// The text of a key.
    pub fn say(self, key: &'static str) -> &'static str {
        match self.entry(key) {
            Some(Entry::Plain(text)) => text,
            Some(Entry::Counted { other, .. }) => other,
            None => key,
        }
    }

    /// The text of a key with values in its places.
    pub fn say_with(self, key: &'static str, values: &[(&str, &dyn Display)]) -> String {
        fill(self.say(key), values)
    }

    /// A value behind what it is the value of, as the language joins them.
    pub fn labelled(self, label: &dyn Display, value: &dyn Display) -> String {
        self.say_with("chrome.labelled", &[("label", label), ("value", value)])
    }

    /// The text of a key for a number of things; `{count}` is the number as the language writes it.
    pub fn count(self, key: &'static str, count: u64) -> String {
        self.count_with(key, count, &[])
    }

    /// The same with more values in its places.
    pub fn count_with(self, key: &'static str, count: u64, values: &[(&str, &dyn Display)]) -> String {
        let text = match self.entry(key) {
            Some(Entry::Counted { forms, other }) => catalogue::of(self.locale).form(forms, count).unwrap_or(other),
            Some(Entry::Plain(text)) => text,
            None => key,
        };
        let number = self.number(count);
        let values: Vec<(&str, &dyn Display)> =
            std::iter::once(("count", &number as &dyn Display)).chain(values.iter().copied()).collect();
        fill(text, &values)
    }

    /// The text of a word that data brings, such as a status; the family's `other` when the word is new to the catalogue.
    pub fn word(self, family: &'static str, word: &str) -> &'static str {
        self.known_word(family, word).or_else(|| self.known_word(family, "other")).unwrap_or(family)
    }

    /// The same; nothing when the word is new to the catalogue.
    pub fn known_word(self, family: &'static str, word: &str) -> Option<&'static str> {
        match catalogue::of(self.locale).entries.get(format!("{family}.{word}").as_str()) {
            Some(Entry::Plain(text)) => Some(text),
            _ => None,
        }
    }

    /// The same with values in its places.
    pub fn word_with<'a>(
        self,
        family: &'static str,
        word: &str,
        data: impl IntoIterator<Item = (&'a String, &'a String)>,
    ) -> String {
        let values: Vec<(&str, &dyn Display)> =
            data.into_iter().map(|(name, value)| (name.as_str(), value as &dyn Display)).collect();
        fill(self.word(family, word), &values)
    }

    /// Every text of a family with its word, for an island that finds out which it needs.
    pub fn family(self, family: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
        catalogue::of(self.locale).entries.iter().filter_map(move |(key, entry)| {
            match (key.strip_prefix(family).and_then(|rest| rest.strip_prefix('.')), entry) {
                (Some(word), Entry::Plain(text)) => Some((word, text.as_str())),
                _ => None,
            }
        })
    }

    /// What happened, why, and what to do.
    pub fn error(self, error: &AppError) -> String {
        match error {
            AppError::Conflict { code, data } if code == "profile-wrong" => {
                let mut data = data.clone();
                let message = match data.get("message") {
                    _ if data.contains_key("fault") => {
                        self.say_with("template.mistake", &[("mistake", &self.template_mistake(&data))])
                    }
                    Some(message) => profile_message::translated(self, message),
                    None => String::new(),
                };
                data.insert("message".to_owned(), message);
                self.word_with("error", code, &data)
            }
            AppError::Conflict { code, data } if code == "template" => {
                self.say_with("error.template", &[("mistake", &self.template_mistake(data))])
            }
            AppError::Conflict { code, data } if code == "group-full" => {
                let sizes = data.iter().map(|(name, value)| {
                    let size = value.parse().map_or_else(|_| value.clone(), |bytes| self.size(bytes));
                    // A tag may be of digits alone.
                    (name.clone(), if name == "group" { value.clone() } else { size })
                });
                self.word_with("error", code, &sizes.collect::<BTreeMap<_, _>>())
            }
            AppError::Conflict { code, data } | AppError::Refused { code, data } => self.word_with("error", code, data),
            AppError::TooLarge { limit } => self.say_with("error.too-large", &[("limit", &self.size(*limit))]),
            AppError::Busy { retry_after_s } => self.count("error.busy", u64::from(*retry_after_s)),
            AppError::NotAllPacked { packed, .. } => self.count("error.not-all-packed", *packed),
            AppError::NotAllChanged { changed, .. } => self.count("error.not-all-changed", *changed),
            AppError::NotAllDone { done, .. } => self.count("error.not-all-done", *done),
            AppError::RestSaved { fields } => {
                let names: Vec<_> = fields.iter().map(|one| self.word("field", &one.field)).collect();
                self.say_with("error.rest-saved", &[("fields", &names.join(", "))])
            }
            AppError::Internal { incident } => self.say_with("error.internal", &[("incident", incident)]),
            other => self.word("error", other.code()).to_owned(),
        }
    }

    /// Why a job failed, and what to do.
    pub fn failure(self, failure: &JobFailure) -> String {
        let JobFailure { code, data, .. } = failure;
        match code.as_str() {
            // The scheme is lost where the server was stopped between the refusal and the end of its job.
            "protected" if !data.contains_key("scheme") => self.word("refusal", "other").to_owned(),
            code if is_refusal(code) => self.word_with("refusal", code, data),
            code => self.word_with("job-failure", code, data),
        }
    }

    /// What is wrong with a field.
    pub fn field_problem(self, problem: &FieldProblem) -> String {
        self.word_with("field-problem", &problem.code, &problem.data)
    }

    /// What is wrong with a field, behind the field's name.
    pub fn named_field_problem(self, problem: &FieldProblem) -> String {
        self.labelled(&self.word("field", &problem.field), &self.field_problem(problem))
    }

    /// What keeps a release from being packed, besides findings: of a field what is wrong with it, behind its name.
    pub fn problem(self, Problem { part, code, data }: Problem) -> String {
        let word = format!("{part}-{code}");
        if code == "template" {
            return self.say_with("error.template", &[("mistake", &self.template_mistake(&data))]);
        }
        match self.known_word("problem", &word) {
            Some(_) => self.word_with("problem", &word, &data),
            None => self.named_field_problem(&FieldProblem { field: part, code, data }),
        }
    }

    /// Which template does not work, where in it, and why.
    fn template_mistake(self, data: &BTreeMap<String, String>) -> String {
        let fact = |name: &str| data.get(name).map(String::as_str).unwrap_or_default();
        let why = self.word_with("template-fault", fact("fault"), data);
        let place = [("file", "template"), ("line", "template-line"), ("column", "template-column")];
        let place = place.map(|(name, fact_of)| (name, fact(fact_of)));
        let values: Vec<(&str, &dyn Display)> = place
            .iter()
            .map(|(name, value)| (*name, value as &dyn Display))
            .chain([("why", &why as &dyn Display)])
            .collect();
        self.say_with("template.place", &values)
    }

    /// What a finding says, in the language of the page.
    pub fn finding(self, finding: &Finding) -> String {
        explanation::message(finding, self.language_of_findings())
    }

    /// The language that findings are told in: English, where the packer has not that of the page.
    pub fn language_of_findings(self) -> Language {
        Language::of_tag(self.locale.tag()).unwrap_or(Language::ENGLISH)
    }

    /// A role: a built-in one in words, one of the house by its name.
    pub fn role(self, role: &Role) -> String {
        if role.is_built_in() { self.word("role", role.word()).to_owned() } else { role.word().to_owned() }
    }

    /// The rights basis: one of the three grounds in words, or the licence by its id.
    pub fn rights(self, basis: &RightsBasis) -> String {
        match basis {
            RightsBasis::Licence(id) => id.clone(),
            ground => self.word("rights", ground.word()).to_owned(),
        }
    }

    fn entry(self, key: &str) -> Option<&'static Entry> {
        let entry = catalogue::of(self.locale).entries.get(key);
        if entry.is_none() {
            tracing::error!(key, locale = self.locale.tag(), "the catalogue has no such text");
        }
        entry
    }
}

/// Puts values in the places `{name}` of a text; a place without a value stays visible.
fn fill(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('}') else { break };
        let name = &rest[open + 1..open + close];
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(&value.to_string()),
            None => filled.push_str(&rest[open..=open + close]),
        }
        rest = &rest[open + close + 1..];
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use packer::{
        info::TemplateFault,
        metadata::{Field, Overrides},
        overrides::{self, ValueFault},
    };

    use super::*;

    #[test]
    fn those_who_are_there_are_said_in_the_number_that_they_are() {
        let here =
            |locale, names: &str, count| Texts::of(locale).count_with("others.here", count, &[("names", &names)]);
        assert!(here(Locale::ENGLISH, "Ann", 1).starts_with("Ann is at this release, too."));
        assert!(here(Locale::ENGLISH, "Ann, Bob", 2).starts_with("Ann, Bob are at this release, too."));
        assert!(here(Locale::french(), "Ann", 1).starts_with("Ann est aussi sur cette release."));
        assert!(here(Locale::french(), "Ann, Bob", 2).starts_with("Ann, Bob sont aussi sur cette release."));
    }

    #[test]
    fn whatever_is_wrong_with_a_field_is_said_in_both_languages() {
        let long = "a".repeat(packer::overrides::LONGEST_VALUE + 1);
        let many = vec!["A"; packer::overrides::MOST_VALUES + 1];
        let foreign = ValueFault::ForeignTag { tag: "PROPER".to_owned(), profile: "plain".to_owned() };
        let wrong: [(Field, &[&str]); 20] = [
            (Field::Kind, &["poem"]),
            (Field::Title, &["a\u{7}"]),
            (Field::Title, &["a", "b"]),
            (Field::Title, &[&long]),
            (Field::Authors, &many),
            (Field::Tags, &["FINAL"]),
            (Field::Year, &["14"]),
            (Field::Language, &["French"]),
            (Field::Language, &["x1"]),
            (Field::IssueDate, &["1900-02-29"]),
            (Field::Isbn, &["978-0-306-40615-8"]),
            (Field::Isbn, &["97803064"]),
            (Field::Isbn, &["none"]),
            (Field::Isbn, &["979-0-2600-0043-8"]),
            (Field::Url, &["example.org"]),
            (Field::Corrects, &["a name"]),
            (Field::Corrects, &["A.Name"]),
            (Field::Corrects, &["-GRP"]),
            (Field::Corrects, &["A..B-GRP"]),
            (Field::Source, &["web"]),
        ];
        let faults = wrong.map(|(field, values)| {
            let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
            overrides::put(&mut Overrides::default(), field, &values).unwrap_err().fault
        });
        for fault in faults.into_iter().chain([foreign]) {
            let data = fault.data().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let problem = FieldProblem { field: "isbn".to_owned(), code: fault.code().to_owned(), data };
            for texts in Locale::all().map(Texts::of) {
                assert!(texts.known_word("field-problem", fault.code()).is_some(), "{}", fault.code());
                let said = texts.named_field_problem(&problem);
                assert!(said.starts_with("ISBN") && !said.contains(['{', '}']), "{said}");
            }
        }
    }

    #[test]
    fn a_mistake_in_a_template_is_said_with_its_place_in_both_languages() {
        for (template, english, french) in [
            ("a\n{{ titel }}", "there is no variable “titel”", "il n’y a pas de variable «\u{a0}titel\u{a0}»"),
            ("a\n{{ title | uper }}", "there is no filter “uper”", "il n’y a pas de filtre «\u{a0}uper\u{a0}»"),
            ("a\n{{ title is grand }}", "there is no test “grand”", "il n’y a pas de test «\u{a0}grand\u{a0}»"),
            ("a\n{{ today() }}", "there is no function “today”", "il n’y a pas de fonction «\u{a0}today\u{a0}»"),
            ("a\n{% endif %}", "“endif” is no statement", "«\u{a0}endif\u{a0}» n’est pas une instruction"),
            ("a\n{{ title", "here the text ends", "ici le texte finit"),
            ("a\n{{ title title }}", "“title” cannot stand here", "«\u{a0}title\u{a0}» ne peut pas être ici"),
            ("a\n{{ title / 2 }}", "“title / 2” cannot be done", "«\u{a0}title / 2\u{a0}» ne peut pas se faire"),
            (
                "a\n{% for a in range(9999) %}{% for b in range(999) %}x{% endfor %}{% endfor %}",
                "it asks for more work",
                "il demande plus de travail",
            ),
        ] {
            let error = packer::info::template::prove(template, packer::info::template::NFO_WORK, false).unwrap_err();
            let place =
                [("template", "NFO"), ("fault", error.fault.code()), ("template-line", "2"), ("template-column", "4")];
            let facts = error.fault.data().into_iter().chain(place.map(|(name, value)| (name, value.to_owned())));
            let data: BTreeMap<_, _> = facts.map(|(name, value)| (name.to_owned(), value)).collect();
            for (locale, why, at) in [
                (Locale::ENGLISH, english, "NFO, line 2, column 4: "),
                (Locale::french(), french, "NFO, ligne 2, colonne 4\u{a0}: "),
            ] {
                let problem = Problem { part: "nfo".to_owned(), code: "template".to_owned(), data: data.clone() };
                let said = Texts::of(locale).problem(problem);
                assert!(said.contains(&format!("{at}{why}")), "{said}");
            }
        }
        for locale in Locale::all() {
            for fault in [TemplateFault::TooLong(1), TemplateFault::OutputTooLong] {
                assert!(Texts::of(locale).known_word("template-fault", fault.code()).is_some(), "{fault:?}");
            }
        }
    }

    #[test]
    fn a_value_with_braces_in_it_is_not_read_again() {
        assert_eq!(fill("{a} and {b}", &[("a", &"{b}"), ("b", &1)]), "{b} and 1");
        assert_eq!(fill("{a", &[("a", &1)]), "{a");
        assert_eq!(fill("{c}", &[]), "{c}");
    }
}
