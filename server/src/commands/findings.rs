//! Findings as they are printed: as objects for programs, as lines for people.

use packer::{
    explanation::{self, Language},
    finding::{Finding, Severity},
};
use serde::Serialize;

use crate::terminal::Terminal;

/// A finding with its words, in English.
#[derive(Debug, Serialize)]
pub(super) struct FindingReport<'a> {
    code: &'a str,
    severity: Severity,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    message: String,
    hint: String,
}

impl<'a> From<&'a Finding> for FindingReport<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            code: finding.code.as_str(),
            severity: finding.severity,
            file: finding.place.file.as_deref(),
            line: finding.place.line,
            column: finding.place.column,
            message: explanation::message(finding, Language::English),
            hint: explanation::hint(finding, Language::English).unwrap_or_default(),
        }
    }
}

impl FindingReport<'_> {
    /// Severity, code, place, message; then the hint on a line of its own.
    pub(super) fn tell(&self, terminal: &Terminal) {
        terminal.line(&format!("{:<7} {}", self.severity.word(), self.sentence()));
        if !self.hint.is_empty() {
            terminal.line(&format!("        {}", self.hint));
        }
    }

    /// What to do.
    pub(super) fn hint(&self) -> &str {
        &self.hint
    }

    /// Code, place, message.
    pub(super) fn sentence(&self) -> String {
        let mut place = self.file.unwrap_or_default().to_owned();
        for number in [self.line, self.column].into_iter().flatten() {
            place = format!("{place}:{number}");
        }
        let separator = if place.is_empty() { "" } else { ": " };
        format!("{} {place}{separator}{}", self.code, self.message)
    }
}

/// How many there are of each severity, for a person.
pub(super) fn count(findings: &[Finding]) -> String {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let counted = Severity::ALL.map(|severity| (of(severity), severity.word()));
    let named: Vec<_> =
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if named.is_empty() { "no findings".to_owned() } else { named.join(", ") }
}
