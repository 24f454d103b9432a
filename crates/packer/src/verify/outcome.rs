//! What verifying found.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{bag::BagReport, hash::Sha256, manifest, verify::VolumesError};

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// It is what it should be.
    Ok,
    /// It stands in a list and not in the directory.
    Missing,
    /// It stands in the directory and in no list.
    Extra,
    /// It has another size.
    Size {
        /// Bytes, as the list says.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// It has another checksum.
    Checksum {
        /// `sha256` or `crc32`.
        algorithm: &'static str,
        /// As the list says.
        expected: String,
        /// Of the bytes that there are.
        found: String,
    },
    /// It was not read: the path leaves the directory, is a link, or is no regular file.
    Refused,
    /// It could not be read, or it is a list and cannot be understood.
    Unreadable {
        /// Why, for a person.
        reason: String,
    },
}

impl Outcome {
    /// The word used in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Size { .. } => "size",
            Self::Checksum { .. } => "checksum",
            Self::Refused => "refused",
            Self::Unreadable { .. } => "unreadable",
        }
    }
}

/// One file and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifiedFile {
    /// The path inside the directory.
    pub path: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Everything that verifying found.
#[derive(Debug)]
pub struct Verification {
    /// The release name, where there is a manifest.
    pub release: Option<String>,
    /// The SHA-256 of the manifest, where there is one that can be read: no other package has it.
    pub manifest_sha256: Option<Sha256>,
    /// The lists that were read.
    pub lists: BTreeSet<String>,
    /// Every file of the lists and of the directory, sorted by path.
    pub files: Vec<VerifiedFile>,
    /// The book inside the volumes, where the manifest says that there are some: put together again, it is the book
    /// of the manifest, or why not.
    pub book: Option<Result<(), VolumesError>>,
    /// The bag as a whole, where it is one.
    pub bag: Option<BagReport>,
}

impl Verification {
    /// True when the lists name a file at all: an emptied list proves nothing.
    pub fn names_a_file(&self) -> bool {
        self.files.iter().any(|file| file.outcome != Outcome::Extra)
    }

    /// True when every file was compared with `manifest.json`, and not, as those of a bag are, with other lists alone.
    pub fn is_by_manifest(&self) -> bool {
        self.bag.is_none() && self.lists.contains(manifest::FILE_NAME)
    }

    /// True when everything is what it should be, and there is something. A file that no list knows is wrong only
    /// where a manifest says what the whole package is: other lists never claim to know every file.
    pub fn is_good(&self) -> bool {
        if let Some(bag) = &self.bag {
            // A bag says of its payload that it is all there is.
            return bag.is_good() && self.files.iter().all(|file| file.outcome == Outcome::Ok);
        }
        let has_manifest = self.is_by_manifest();
        let is_good = |file: &VerifiedFile| match file.outcome {
            Outcome::Ok => true,
            Outcome::Extra => !has_manifest,
            _ => false,
        };
        self.names_a_file() && self.files.iter().all(is_good) && !matches!(self.book, Some(Err(_)))
    }
}
