//! What `pack` says of one book.

use std::path::Path;

use packer::{
    date::ReleaseDate,
    finding::{Finding, Severity},
    manifest::ManifestFile,
    pack::Packed,
    plan::{Plan, PlannedFile},
    report::FindingReport,
    sums::Digest,
    volume_id::VolumeId,
};
use serde::{Serialize, Serializer};

use super::{
    failure::Failure,
    findings::{count, sentence},
};
use crate::{
    exit::Exit,
    terminal::{Mark, Terminal},
};

/// Findings that are printed when a package was written; `check` prints them all.
const FINDINGS_SHOWN: usize = 10;

/// Everything known of one book when its turn is over.
#[derive(Debug, Serialize)]
pub(super) struct PackReport {
    path: String,
    dry_run: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    planned: Option<Planned>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    packed: Option<Written>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
}

#[derive(Debug, Serialize)]
struct Planned {
    release: String,
    target: String,
    date: ReleaseDate,
    volume_id: Option<VolumeId>,
    /// The files to come; behind `files` once they were written.
    #[serde(rename = "planned")]
    files: Vec<PlannedFile>,
    #[serde(serialize_with = "with_words")]
    findings: Vec<Finding>,
    /// The findings that keep it from being packed, by their places in `findings`.
    blocking: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct Written {
    book: Digest,
    files: Vec<ManifestFile>,
}

fn with_words<S: Serializer>(findings: &[Finding], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(findings.iter().map(FindingReport::from))
}

impl PackReport {
    pub(super) fn new(path: String, dry_run: bool) -> Self {
        Self { path, dry_run, planned: None, packed: None, error: None }
    }

    pub(super) fn planned(mut self, plan: &Plan, target: &Path) -> Self {
        self.planned = Some(Planned {
            release: plan.name.to_string(),
            target: target.display().to_string(),
            date: plan.date,
            volume_id: plan.volume_id.clone(),
            files: plan.files.clone(),
            findings: plan.findings.clone(),
            blocking: plan.blocking.clone(),
        });
        self
    }

    pub(super) fn packed(mut self, packed: Packed) -> Self {
        self.packed = Some(Written { book: packed.book, files: packed.files });
        self
    }

    pub(super) fn failed(mut self, failure: Failure) -> Self {
        self.error = Some(failure);
        self
    }

    pub(super) fn exit(&self) -> Exit {
        self.error.as_ref().map_or(Exit::Good, |failure| failure.exit)
    }

    /// Tells the person; the results too, unless they are printed as JSON later. Of one book of `several` every message
    /// says which it is about.
    pub(super) fn tell(&self, as_json: bool, several: bool, terminal: &Terminal) {
        if let Some(planned) = &self.planned {
            self.tell_findings(planned, several, terminal);
            if self.error.is_none() && !as_json {
                if self.dry_run {
                    tell_files(planned, terminal);
                } else {
                    terminal.line(&planned.target);
                }
            }
        }
        match &self.error {
            Some(failure) if several => failure.tell_of_one(&self.path, terminal),
            Some(failure) => failure.tell(&self.path, terminal),
            None => {}
        }
    }

    /// Findings that block, each with what to do; of the others the heaviest, and how many there are.
    fn tell_findings(&self, planned: &Planned, several: bool, terminal: &Terminal) {
        let of_book = |text: &str| if several { format!("{}: {text}", self.path) } else { text.to_owned() };
        for &index in &planned.blocking {
            if let Some(finding) = planned.findings.get(index) {
                let finding = FindingReport::from(finding);
                terminal.marked(Mark::Error, &of_book(&sentence(&finding)));
                terminal.marked(Mark::Help, &of_book(&finding.hint));
            }
        }
        let mut others: Vec<_> = (0..planned.findings.len())
            .filter(|index| !planned.blocking.contains(index))
            .map(|index| &planned.findings[index])
            .filter(|finding| finding.severity <= Severity::Warning)
            .collect();
        // What the release itself lacks stands behind the faults of the book, and decides the name: it comes first.
        others.sort_by_key(|finding| (finding.severity, finding.place.file.is_some()));
        for finding in others.iter().take(FINDINGS_SHOWN) {
            terminal.marked(Mark::Warning, &of_book(&sentence(&FindingReport::from(*finding))));
        }
        if others.len() > FINDINGS_SHOWN {
            let counted = count(&planned.findings);
            terminal.marked(Mark::Help, &format!("{}: {counted}; `check` prints them all", self.path));
        }
    }
}

/// What became of several books, in one line: packed, blocked by a finding, refused; what else there was only where there was.
pub(super) fn sum(reports: &[PackReport], asked_for: usize, dry_run: bool) -> String {
    let of = |exits: &[Exit]| reports.iter().filter(|report| exits.contains(&report.exit())).count();
    let packed = if dry_run { "would be packed" } else { "packed" };
    let (blocked, refused) = (of(&[Exit::Failed]), of(&[Exit::Refused]));
    let mut line = format!("{} {packed}, {blocked} blocked, {refused} refused", of(&[Exit::Good]));
    let failed = of(&[Exit::Usage, Exit::Unreadable, Exit::Fault]);
    let left = asked_for - reports.len() + of(&[Exit::Interrupted]);
    for (count, word) in [(failed, "failed"), (left, "not begun or not finished")] {
        if count > 0 {
            line = format!("{line}, {count} {word}");
        }
    }
    line
}

fn tell_files(planned: &Planned, terminal: &Terminal) {
    terminal.line(&planned.target);
    for file in &planned.files {
        tell_file(file, 1, terminal);
    }
}

fn tell_file(file: &PlannedFile, depth: usize, terminal: &Terminal) {
    let size = file.size.map_or_else(|| "-".to_owned(), |size| size.to_string());
    terminal.line(&format!("{size:>14}  {}{}", "  ".repeat(depth - 1), file.path));
    for inner in &file.contains {
        tell_file(inner, depth + 1, terminal);
    }
}
