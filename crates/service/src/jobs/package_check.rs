//! What a check of a package found: written by the worker, read by whoever shows it.

use std::collections::BTreeMap;

use packer::{
    hash::Sha256,
    verify::{Outcome, Verification, VolumesError},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::packages::PackageFile;

use super::{Job, JobKind, JobState};

/// Files that a check lists: a page shows no more.
const MOST_LISTED: usize = 1_000;

/// What came of reading a package again and comparing it with what was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageCheck {
    /// True when every file is as it was made, and so is the book in its volumes.
    pub good: bool,
    /// Files that were looked at.
    pub files: u64,
    /// Their bytes together, as they were made; 0 where an earlier version checked.
    #[serde(default)]
    pub bytes: u64,
    /// Files that are not as they were made, sorted by path.
    pub wrong: Vec<WrongFile>,
    /// How many such files there are besides.
    #[serde(default)]
    pub more: u64,
    /// The book put together again from its volumes; absent where there are none, and where nobody can tell.
    #[serde(default)]
    pub volumes: Option<VolumesCheck>,
}

/// A file that is not as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongFile {
    /// The path inside the package.
    pub path: String,
    /// `missing`, `extra`, `size`, `checksum`, `refused` or `unreadable`.
    pub outcome: String,
    /// How it was made; absent for one that was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
    /// What goes with the outcome, such as the two checksums.
    #[serde(flatten)]
    pub data: BTreeMap<String, Value>,
}

/// How a file was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Bytes.
    pub size: u64,
    /// Their checksum.
    pub sha256: Sha256,
}

/// What became of the book in its volumes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumesCheck {
    /// `ok`, `count`, `open`, `zip`, `volume`, `part` or `book`.
    pub outcome: String,
    /// What goes with the outcome, such as the volume.
    #[serde(flatten)]
    pub data: BTreeMap<String, String>,
}

impl PackageCheck {
    /// Of what verifying found, and the files that were made.
    pub(crate) fn of(verification: &Verification, made: &[PackageFile]) -> Self {
        let wrong = || verification.files.iter().filter(|file| file.outcome != Outcome::Ok);
        let listed = wrong().take(MOST_LISTED).map(|file| {
            let made = made.iter().find(|made| made.path == file.path);
            WrongFile {
                path: file.path.clone(),
                outcome: file.outcome.word().to_owned(),
                made: made.map(|made| Made { size: made.size, sha256: made.sha256 }),
                data: data(&file.outcome),
            }
        });
        Self {
            good: verification.is_good(),
            files: verification.files.len() as u64,
            bytes: made.iter().map(|file| file.size).sum(),
            wrong: listed.collect(),
            more: wrong().skip(MOST_LISTED).count() as u64,
            volumes: verification.book.as_ref().map(VolumesCheck::of),
        }
    }

    /// How many files are not as they were made.
    pub fn wrong_files(&self) -> u64 {
        self.wrong.len() as u64 + self.more
    }
}

fn data(outcome: &Outcome) -> BTreeMap<String, Value> {
    let pairs: Vec<(&str, Value)> = match outcome {
        Outcome::Size { expected, found } => vec![("expected", json!(expected)), ("found", json!(found))],
        Outcome::Checksum { algorithm, expected, found } => {
            vec![("algorithm", json!(algorithm)), ("expected", json!(expected)), ("found", json!(found))]
        }
        Outcome::Unreadable { reason } => vec![("reason", json!(reason))],
        Outcome::Ok | Outcome::Missing | Outcome::Extra | Outcome::Refused => Vec::new(),
    };
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl VolumesCheck {
    fn of(book: &Result<(), VolumesError>) -> Self {
        let (outcome, data) = match book {
            Ok(()) => ("ok", Vec::new()),
            Err(VolumesError::Count(count)) => ("count", vec![("count", count.to_string())]),
            Err(VolumesError::Open { zip, .. }) => ("open", vec![("zip", zip.clone())]),
            Err(VolumesError::Zip { zip, volume }) => ("zip", vec![("zip", zip.clone()), ("volume", volume.clone())]),
            Err(VolumesError::Volume { volume, .. }) => ("volume", vec![("volume", volume.clone())]),
            Err(VolumesError::Part { volume }) => ("part", vec![("volume", volume.clone())]),
            Err(VolumesError::Book) => ("book", Vec::new()),
        };
        let data = data.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { outcome: outcome.to_owned(), data }
    }

    /// True when the book in them is the one of the manifest.
    pub fn is_good(&self) -> bool {
        self.outcome == "ok"
    }
}

impl Job {
    /// True when it read a package again and found that it is not as it was made.
    pub fn found_damage(&self) -> bool {
        self.kind == JobKind::Verify && self.state == JobState::DoneWithFindings
    }

    /// What it found, where it is an ended check of a package.
    pub fn package_check(&self) -> Option<PackageCheck> {
        let result = self.result.clone().filter(|_| self.kind == JobKind::Verify)?;
        serde_json::from_value(result).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_version_found_is_still_read() {
        let old = json!({
            "good": false, "files": 9, "book": "the volumes hold another book than the manifest says",
            "wrong": [{ "path": "a.nfo", "outcome": "size", "expected": 10, "found": 6 }],
        });
        let check: PackageCheck = serde_json::from_value(old).unwrap();
        assert_eq!((check.wrong_files(), check.volumes), (1, None));
        assert_eq!(check.wrong[0].data["found"], json!(6));
    }
}
