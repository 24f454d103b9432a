//! What is printed as JSON, the same by the command line and in the browser.

use serde::Serialize;

use crate::{
    bag::BagReport,
    explanation::{self, Language},
    finding::{Finding, Severity},
    format::Format,
    hash::Sha256,
    inspect::Inspection,
    metadata::BookMetadata,
    verify::{Verification, VerifiedFile},
};

/// What is said of one book.
#[derive(Debug, Serialize)]
pub struct BookReport<'a> {
    /// The path, as it was given.
    pub path: &'a str,
    /// The format, told by content first.
    pub format: Format,
    /// What the book says of itself.
    pub metadata: &'a BookMetadata,
    /// What is wrong.
    pub findings: Vec<FindingReport<'a>>,
}

impl<'a> BookReport<'a> {
    /// Of a book that was read.
    pub fn new(path: &'a str, inspection: &'a Inspection) -> Self {
        Self {
            path,
            format: inspection.format,
            metadata: &inspection.metadata,
            findings: inspection.findings.iter().map(FindingReport::from).collect(),
        }
    }
}

/// A finding with its words, in English.
#[derive(Debug, Serialize)]
pub struct FindingReport<'a> {
    /// The code.
    pub code: &'a str,
    /// How bad it is.
    pub severity: Severity,
    /// The file inside the book, where it is of one.
    pub file: Option<&'a str>,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The column, from 1, in characters.
    pub column: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What to do; empty where the message says it.
    pub hint: String,
}

impl<'a> From<&'a Finding> for FindingReport<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            code: finding.code.as_str(),
            severity: finding.severity,
            file: finding.place.file.as_deref(),
            line: finding.place.line,
            column: finding.place.column,
            message: explanation::message(finding, Language::ENGLISH),
            hint: explanation::hint(finding, Language::ENGLISH).unwrap_or_default(),
        }
    }
}

/// What is said of one package.
#[derive(Debug, Serialize)]
pub struct VerificationReport<'a> {
    /// True when everything is what it should be.
    pub good: bool,
    /// The release name, where there is a manifest.
    pub release: Option<&'a str>,
    /// The SHA-256 of the manifest, where there is one: no other package has it.
    pub manifest_sha256: Option<Sha256>,
    /// The lists that were read, sorted.
    pub lists: Vec<&'a str>,
    /// Every file, sorted by path, with what became of it.
    pub files: &'a [VerifiedFile],
    /// Why the book inside the volumes is not that of the manifest; absent where it is, or where there are no volumes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub book: Option<String>,
    /// The bag as a whole, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bag: Option<&'a BagReport>,
}

impl<'a> From<&'a Verification> for VerificationReport<'a> {
    fn from(verification: &'a Verification) -> Self {
        Self {
            good: verification.is_good(),
            release: verification.release.as_deref(),
            manifest_sha256: verification.manifest_sha256,
            lists: verification.lists.iter().map(String::as_str).collect(),
            files: &verification.files,
            book: verification.book.as_ref().and_then(|book| book.as_ref().err().map(ToString::to_string)),
            bag: verification.bag.as_ref(),
        }
    }
}
