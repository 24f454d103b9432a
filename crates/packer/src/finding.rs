//! Findings: the outcomes of checks. A finding is not an error.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

/// How much a finding weighs. The order is from the heaviest to the lightest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The book cannot be read any further.
    Fatal,
    /// The book breaks a rule of its format.
    Error,
    /// The book is allowed, and probably not what its maker wanted.
    Warning,
    /// Worth knowing.
    Info,
    /// Advice on good use of the format.
    Usage,
}

impl Severity {
    /// Every severity, from the heaviest.
    pub const ALL: [Self; 5] = [Self::Fatal, Self::Error, Self::Warning, Self::Info, Self::Usage];

    /// The word used in JSON, in profiles and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fatal => "fatal",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Usage => "usage",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// The stable id of a rule: one of EPUBCheck's (`PKG-006`, `OPF-030`) where it has one for the fault, else one of our
/// own family `ESP-…`. An id never changes its meaning and is never used again for another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FindingCode(Cow<'static, str>);

impl FindingCode {
    /// The code of a rule, written in the rule's own file.
    pub const fn new(code: &'static str) -> Self {
        Self(Cow::Borrowed(code))
    }

    /// A code read back from where it was stored.
    pub fn stored(code: String) -> Self {
        Self(Cow::Owned(code))
    }

    /// The code as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FindingCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Where a finding stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The path inside the book, or the book's own file name; absent when the finding is about no file.
    pub file: Option<String>,
    /// Counted from 1.
    pub line: Option<u32>,
    /// Counted in characters, from 1.
    pub column: Option<u32>,
}

impl Place {
    /// A place that is a whole file.
    pub fn file(path: impl Into<String>) -> Self {
        Self { file: Some(path.into()), line: None, column: None }
    }

    /// A place inside a file.
    pub fn at(path: impl Into<String>, line: u32, column: u32) -> Self {
        Self { file: Some(path.into()), line: Some(line), column: Some(column) }
    }
}

/// One outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which rule.
    pub code: FindingCode,
    /// How heavy, before or after a profile has had its say.
    pub severity: Severity,
    /// Where.
    #[serde(default)]
    pub place: Place,
    /// The values that the rule's text names, by name. Data travels; words are chosen where they are shown.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<Cow<'static, str>, String>,
}

impl Finding {
    /// A finding about no place in particular.
    pub fn new(code: FindingCode, severity: Severity) -> Self {
        Self { code, severity, place: Place::default(), data: BTreeMap::new() }
    }

    /// The same finding at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// The same finding with one more value for its text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.data.insert(Cow::Borrowed(name), value.into());
        self
    }
}
