//! Findings as lines for people.

use packer::{
    finding::{Finding, Severity},
    report::FindingReport,
};

use crate::terminal::Terminal;

/// Severity, code, place, message; then the hint on a line of its own.
pub(super) fn tell(finding: &FindingReport<'_>, terminal: &Terminal) {
    terminal.line(&format!("{:<7} {}", finding.severity.word(), sentence(finding)));
    if !finding.hint.is_empty() {
        terminal.line(&format!("        {}", finding.hint));
    }
}

/// Code, place, message.
pub(super) fn sentence(finding: &FindingReport<'_>) -> String {
    let mut place = finding.file.unwrap_or_default().to_owned();
    for number in [finding.line, finding.column].into_iter().flatten() {
        place = format!("{place}:{number}");
    }
    let separator = if place.is_empty() { "" } else { ": " };
    format!("{} {place}{separator}{}", finding.code, finding.message)
}

/// How many there are of each severity, for a person.
pub(super) fn count(findings: &[Finding]) -> String {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let counted = Severity::ALL.map(|severity| (of(severity), severity.word()));
    let named: Vec<_> =
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if named.is_empty() { "no findings".to_owned() } else { named.join(", ") }
}
