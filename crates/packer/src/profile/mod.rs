//! Profiles: the rules that a release follows, as data.

mod built_in;
mod error;
mod naming;
mod proof;
mod rules;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use error::ProfileError;
pub(crate) use error::place;
pub use naming::{AuthorRule, Naming, PatternPart, Patterns, Placeholder};
use proof::Broken;
pub use proof::ProfileTest;
pub use rules::{BagRules, Blocking, DizRules, Encoding, LineEnd, NfoRules, Serialization, Statement, VolumeRules};

use crate::{
    finding::{Finding, FindingCode, Severity},
    fix,
    format::Format,
    kind::Kind,
    metadata::Field,
};

/// How a package is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// RAR volumes in stored ZIPs, NFO, SFV, SHA256SUMS, manifest.
    SceneEbook,
    /// The book as it is, NFO, SHA256SUMS, manifest, cover.
    Plain,
    /// A bag in one file (RFC 8493) with the book, NFO and cover in it; NFO, SHA256SUMS, manifest beside it.
    Bagit,
}

/// One profile. As TOML it is what a person edits; [`Profile::parse`] is the only way from there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Profile {
    /// `scene-ebook`, `plain`, or a name of one's own: 1 to 40 of `a-z`, `0-9` and `-`.
    #[serde(deserialize_with = "rules::profile_name")]
    pub name: String,
    /// Counted from 1, raised with every change.
    #[serde(deserialize_with = "rules::version")]
    pub version: u32,
    /// The layout.
    pub layout: Layout,
    /// The formats of books that it accepts.
    pub formats: Vec<Format>,
    /// How a release is named.
    pub naming: Naming,
    /// The fields that a release of a kind must have.
    #[serde(default)]
    pub required: BTreeMap<Kind, Vec<Field>>,
    /// The NFO.
    pub nfo: NfoRules,
    /// The DIZ of each volume; layout `scene-ebook` has one, others have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diz: Option<DizRules>,
    /// The volumes; layout `scene-ebook` has some, others have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volumes: Option<VolumeRules>,
    /// The bag; layout `bagit` has one, others have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bag: Option<BagRules>,
    /// Findings whose fix is made without asking, in fields that nobody has set: some of [`crate::fix::CODES`].
    #[serde(default)]
    pub fixes: Vec<FindingCode>,
    /// Severities that differ from the usual ones, by code.
    #[serde(default)]
    pub severities: BTreeMap<String, Severity>,
    /// What keeps a release from being packed.
    #[serde(default)]
    pub blocking: Blocking,
    /// What releases under it must be like; [`Profile::prove`] plans each.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "proof::tests")]
    pub tests: Vec<ProfileTest>,
}

impl Profile {
    /// Reads a profile from TOML. `file_name` is for the error's text only.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, ProfileError> {
        let profile: Self = toml::from_str(text).map_err(|error| ProfileError::of_toml(text, file_name, &error))?;
        profile.check().map_err(|(path, message)| ProfileError::at_path(text, file_name, path, message))?;
        Ok(profile)
    }

    /// Reads a profile that a person wrote: it names no finding that there is not, its
    /// templates work, and its own tests hold.
    ///
    /// One that was saved is read by [`Profile::parse`]: a later version of the product may know other findings, or name
    /// a release otherwise, and what was agreed on still stands.
    pub fn prove(text: &str, file_name: &str) -> Result<Self, ProfileError> {
        let profile = Self::parse(text, file_name)?;
        proof::prove(&profile).map_err(|broken| match broken {
            Broken::Value(path, message) => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                ProfileError::at_path(text, file_name, &path, message)
            }
            Broken::Template(template, error) => ProfileError::in_template(text, file_name, template, error),
        })?;
        Ok(profile)
    }

    /// The profile as TOML, which [`Profile::parse`] reads back.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string_pretty(self)
    }

    /// Rules between two values. Each has the path of the value that is to blame.
    fn check(&self) -> Result<(), (&'static [&'static str], String)> {
        if self.formats.is_empty() {
            return Err((&["formats"], "a profile accepts at least one format".to_owned()));
        }
        if let Some(code) = self.fixes.iter().find(|code| !fix::CODES.contains(code)) {
            let known = fix::CODES.each_ref().map(FindingCode::as_str).join(", ");
            return Err((&["fixes"], format!("nothing mends `{code}`; there are {known}")));
        }
        let (layout, needs): (_, &[_]) = match self.layout {
            Layout::SceneEbook => ("scene-ebook", &["diz", "volumes"]),
            Layout::Plain => ("plain", &[]),
            Layout::Bagit => ("bagit", &["bag"]),
        };
        let tables: [(&'static [&'static str], bool); 3] =
            [(&["diz"], self.diz.is_some()), (&["volumes"], self.volumes.is_some()), (&["bag"], self.bag.is_some())];
        for (path, is_there) in tables {
            let name = path[0];
            match (needs.contains(&name), is_there) {
                (true, false) => return Err((&["layout"], format!("the layout `{layout}` needs a table `{name}`"))),
                (false, true) => return Err((path, format!("the layout `{layout}` has no table `{name}`"))),
                _ => {}
            }
        }
        Ok(())
    }

    /// True when the profile accepts the format.
    pub fn accepts(&self, format: Format) -> bool {
        self.formats.contains(&format)
    }

    /// Gives a finding the severity that it has under this profile.
    pub fn judge(&self, finding: &mut Finding) {
        let is_mended = finding.data.contains_key(fix::MENDED);
        if let Some(severity) = self.severities.get(finding.code.as_str()).filter(|_| !is_mended) {
            finding.severity = *severity;
        }
    }

    /// True when a finding, judged already and not mended, keeps a release from being packed.
    pub fn blocks(&self, finding: &Finding) -> bool {
        if finding.data.contains_key(fix::MENDED) {
            return false;
        }
        self.blocking.severities.contains(&finding.severity)
            || self.blocking.codes.iter().any(|code| code == finding.code.as_str())
    }
}
