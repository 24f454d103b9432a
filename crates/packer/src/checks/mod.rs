//! The rules that books are checked by. One rule is one file; each says what is wrong, why it matters and how it is
//! put right, and has the texts of its code in `texts/`.
//!
//! To add a rule: write its file with a `RULE`, add it to [`RULES`], and write its texts in every language. A test
//! fails when one of the three is missing.

pub mod rules;
pub mod start;

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

pub use rules::RULES;

use crate::{
    epub::Publication,
    finding::{Finding, FindingCode, Place, Severity},
    xml::Position,
};

/// A rule that failed itself; the others still ran.
pub const COULD_NOT_RUN: FindingCode = FindingCode::new("ESP-198");
/// More findings of one code than are listed.
pub const MORE: FindingCode = FindingCode::new("ESP-199");

/// One rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The code of what it finds.
    pub code: &'static str,
    /// How heavy it is when no profile says otherwise.
    pub severity: Severity,
    /// Looks at a publication. It only ever adds findings.
    pub check: fn(&Publication<'_>, &mut Report),
}

/// What a rule found.
#[derive(Debug)]
pub struct Report {
    code: &'static str,
    severity: Severity,
    most: usize,
    /// Findings beyond the limit, counted only.
    left_out: usize,
    findings: Vec<Finding>,
}

impl Report {
    /// Starts a report for one rule, which lists at most so many findings.
    pub fn new(rule: &Rule, most: usize) -> Self {
        Self { code: rule.code, severity: rule.severity, most, left_out: 0, findings: Vec::new() }
    }

    /// Adds a finding at a place with the values that its text names.
    pub fn add(&mut self, place: Place, data: &[(&'static str, &str)]) {
        if self.findings.len() >= self.most {
            self.left_out += 1;
            return;
        }
        let mut finding = Finding::new(FindingCode::new(self.code), self.severity).at(place);
        for (name, value) in data {
            finding = finding.with(name, shortened(value));
        }
        self.findings.push(finding);
    }
}

/// Values are shown in a line; what is longer is cut so that a book cannot fill a page or the memory.
fn shortened(value: &str) -> String {
    const MOST: usize = 240;
    if value.chars().count() <= MOST { value.to_owned() } else { value.chars().take(MOST).chain(['…']).collect() }
}

/// A place inside a file.
pub fn place(path: &str, at: Position) -> Place {
    Place::at(path, at.line, at.column)
}

/// Runs every rule. A rule that panics becomes a finding, and the rest still run.
pub fn run(publication: &Publication<'_>) -> Vec<Finding> {
    run_rules(RULES, publication)
}

fn run_rules(rules: &[Rule], publication: &Publication<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut left_out: BTreeMap<&'static str, usize> = BTreeMap::new();
    for rule in rules {
        let mut report = Report::new(rule, publication.limits.findings_per_code);
        let outcome = catch_unwind(AssertUnwindSafe(|| (rule.check)(publication, &mut report)));
        if outcome.is_err() {
            findings.push(Finding::new(COULD_NOT_RUN, Severity::Warning).with("rule", rule.code));
        }
        *left_out.entry(rule.code).or_default() += report.left_out;
        findings.append(&mut report.findings);
    }
    for (code, count) in left_out.into_iter().filter(|(_, count)| *count > 0) {
        let more = Finding::new(MORE, Severity::Info).with("rule", code).with("count", count.to_string());
        findings.push(more);
    }
    order(&mut findings);
    findings
}

/// Puts findings in their stable order: by file, line and column, then code. What is about no file comes first.
pub fn order(findings: &mut [Finding]) {
    findings.sort_by(|one, other| (&one.place, &one.code, &one.data).cmp(&(&other.place, &other.code, &other.data)));
}

#[cfg(test)]
pub(crate) mod proof;
