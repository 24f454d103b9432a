//! Tests of a profile, written into it by whoever wrote it: what a release that it names must be like.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::Profile;
use crate::{
    date::ReleaseDate,
    explanation::{self, Language},
    format::Format,
    group::GroupTag,
    info::{TemplateError, template},
    inspect::{Inspection, Protection},
    metadata::{BookMetadata, Contributor, Overrides, Text},
    overrides,
    plan::{Plan, PlanError, Request},
    prepare::prepare,
    rights,
};

/// The most tests of a profile: each is a release planned while somebody waits for the answer.
const MOST_TESTS: usize = 100;
/// The day of these releases: a test says the same on every day.
const DAY: &str = "2000-01-01";
/// The size of these books in bytes: the smallest volumes hold it.
const BOOK_BYTES: u64 = 100_000;
/// The group of a test that expects no name.
const NO_GROUP: &str = "GROUP";

/// A release, by what its book says and the fields that a person set, and what it must be like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProfileTest {
    /// The format of the book.
    pub format: Format,
    /// What the book says of itself; without it, nothing.
    #[serde(default, skip_serializing_if = "TestBook::is_silent")]
    pub book: TestBook,
    /// The fields, each as `FIELD=VALUE`.
    #[serde(default)]
    pub set: Vec<String>,
    /// The name that it gets; its group is the one behind the hyphen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Codes that are among its findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
    /// Whether a finding keeps it from being packed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<bool>,
}

/// What a profile does not keep.
pub(super) enum Broken {
    /// The path of the value that is to blame, and why.
    Value(Vec<String>, String),
    /// The mistake of a template: of the NFO or of the DIZ.
    Template(&'static str, TemplateError),
}

/// Why a test does not hold.
enum Failed {
    /// The key that is to blame, and why.
    At(&'static str, String),
    /// A template does not work for this release.
    Template(&'static str, TemplateError),
}

/// The book of a test: what a profile mends and what it finds depends on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TestBook {
    /// The title, as the book writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The authors, as the book writes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// The languages, as the book writes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// The date of publication, as the book writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

impl TestBook {
    fn is_silent(&self) -> bool {
        *self == Self::default()
    }

    fn metadata(&self) -> BookMetadata {
        let text = |value: &String| Text { value: value.clone(), ..Text::default() };
        BookMetadata {
            title: self.title.as_ref().map(text),
            creators: self.authors.iter().map(|name| Contributor { name: text(name), roles: Vec::new() }).collect(),
            languages: self.languages.clone(),
            date: self.date.clone(),
            ..BookMetadata::default()
        }
    }
}

/// That every code is one that there is, that every template works, and that every test holds.
pub(super) fn prove(profile: &Profile) -> Result<(), Broken> {
    let severities = profile.severities.keys().map(|code| (vec!["severities".to_owned(), code.clone()], code));
    let blocking = profile.blocking.codes.iter().enumerate();
    let blocking =
        blocking.map(|(index, code)| (["blocking", "codes", &index.to_string()].map(ToOwned::to_owned).to_vec(), code));
    for (path, code) in severities.chain(blocking) {
        if explanation::page(code, Language::ENGLISH).is_none() {
            return Err(Broken::Value(path, format!("there is no finding `{code}`")));
        }
    }
    let nfo = template::prove(profile.nfo.template_text(), template::NFO_WORK, false);
    nfo.map_err(|error| Broken::Template("NFO", error))?;
    let diz = profile.diz.as_ref().map(|rules| template::prove(rules.template_text(), template::DIZ_WORK, true));
    diz.transpose().map_err(|error| Broken::Template("DIZ", error))?;
    for (index, test) in profile.tests.iter().enumerate() {
        test.run(profile).map_err(|failed| match failed {
            Failed::At(key, message) => {
                Broken::Value(["tests", &index.to_string(), key].map(ToOwned::to_owned).to_vec(), message)
            }
            Failed::Template(template, error) => Broken::Template(template, error),
        })?;
    }
    Ok(())
}

impl ProfileTest {
    /// Such a test could not fail.
    fn expects_nothing(&self) -> bool {
        self.name.is_none() && self.findings.is_empty() && self.blocked.is_none()
    }

    fn run(&self, profile: &Profile) -> Result<(), Failed> {
        let plan = self.plan(profile)?;
        if let Some(name) = self.name.as_deref().filter(|name| plan.name.to_string() != *name) {
            return Err(Failed::At("name", format!("the name is `{}`, not `{name}`", plan.name)));
        }
        let codes: Vec<&str> = plan.findings.iter().map(|finding| finding.code.as_str()).collect();
        if let Some(code) = self.findings.iter().find(|code| !codes.contains(&code.as_str())) {
            return Err(Failed::At("findings", format!("`{code}` is not found; there is {}", listed(&codes))));
        }
        let blocking: Vec<&str> = plan.blocking.iter().map(|index| codes[*index]).collect();
        match self.blocked {
            Some(true) if blocking.is_empty() => Err(Failed::At("blocked", "nothing blocks this release".to_owned())),
            Some(false) if !blocking.is_empty() => {
                Err(Failed::At("blocked", format!("{} blocks it", listed(&blocking))))
            }
            _ => Ok(()),
        }
    }

    fn plan(&self, profile: &Profile) -> Result<Plan, Failed> {
        let group = self.name.as_deref().and_then(|name| name.rsplit_once('-')).map_or(NO_GROUP, |(_, group)| group);
        let group: GroupTag =
            group.parse().map_err(|error| Failed::At("name", format!("`{group}` is no group: {error}")))?;
        let mut overrides = Overrides::default();
        for assignment in &self.set {
            overrides::set(&mut overrides, assignment).map_err(|error| Failed::At("set", error.to_string()))?;
        }
        let date: ReleaseDate = DAY.parse().map_err(|_| Failed::At("set", format!("{DAY} is no day")))?;
        let rights = rights::parse("CC0-1.0", None).map_err(|error| Failed::At("set", error.to_string()))?;
        let book = Inspection {
            format: self.format,
            metadata: self.book.metadata(),
            cover: None,
            chapters: Vec::new(),
            protection: Protection::None,
            findings: Vec::new(),
        };
        let request = Request {
            book: &book,
            file_name: &format!("book.{}", self.format.extension()),
            book_size: BOOK_BYTES,
            overrides: &overrides,
            group: &group,
            rights: Some(&rights),
            profile,
            nfo_template: None,
            diz_template: None,
            date,
            volume_id: None,
        };
        prepare(&request).map_err(|error| match error {
            PlanError::Template { template, error } => Failed::Template(template, error),
            PlanError::Format { .. } => Failed::At("format", error.to_string()),
            _ => Failed::At("set", error.to_string()),
        })
    }
}

/// The tests of a profile.
pub(super) fn tests<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ProfileTest>, D::Error> {
    let tests = Vec::<ProfileTest>::deserialize(deserializer)?;
    if tests.len() > MOST_TESTS {
        return Err(D::Error::custom(format_args!("a profile has at most {MOST_TESTS} tests, not {}", tests.len())));
    }
    if let Some(number) = tests.iter().position(ProfileTest::expects_nothing) {
        let number = number + 1;
        return Err(D::Error::custom(format_args!("test {number} expects nothing: give it name, findings or blocked")));
    }
    Ok(tests)
}

fn listed(codes: &[&str]) -> String {
    if codes.is_empty() { "nothing".to_owned() } else { codes.join(", ") }
}
