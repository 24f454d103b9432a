//! What is said of a bag as a whole.

use serde::Serialize;

/// Something about a bag that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub enum BagFault {
    /// There is no `bagit.txt`.
    #[error("`bagit.txt` is missing")]
    NoDeclaration,
    /// `bagit.txt` is not as it must be.
    #[error("`bagit.txt`: {reason}")]
    Declaration {
        /// What is wrong.
        reason: String,
    },
    /// There is no manifest of the payload.
    #[error("there is no manifest of the payload")]
    NoManifest,
    /// A manifest of checksums that are not known.
    #[error("`{file}` has checksums of a kind that is not known")]
    Algorithm {
        /// The manifest.
        file: String,
    },
    /// A tag file cannot be read.
    #[error("`{file}` cannot be read: {reason}")]
    TagFile {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// A line that is none of its file.
    #[error("`{file}`, line {line}: it cannot be understood")]
    Line {
        /// The file.
        file: String,
        /// Counted from 1.
        line: usize,
    },
    /// A path that leads out of where its file may point.
    #[error("`{file}`, line {line}: `{path}` is out of bounds")]
    OutOfBounds {
        /// The file.
        file: String,
        /// Counted from 1.
        line: usize,
        /// The path as written.
        path: String,
    },
    /// One file stands twice in one manifest.
    #[error("`{file}` lists `{path}` twice{}", if *.is_same { "" } else { ", with different checksums" })]
    Twice {
        /// The manifest.
        file: String,
        /// The path.
        path: String,
        /// True when both lines have the same checksum.
        is_same: bool,
    },
    /// A payload file stands in one manifest and not in another.
    #[error("`{file}` does not list `{path}`")]
    NotInManifest {
        /// The manifest.
        file: String,
        /// The path.
        path: String,
    },
    /// A file that could be fetched stands in no manifest.
    #[error("`fetch.txt` names `{path}`, which no manifest lists")]
    FetchUnlisted {
        /// The path.
        path: String,
    },
    /// A file has another size than `fetch.txt` says.
    #[error("`{path}` has {found} bytes, `fetch.txt` says {expected}")]
    FetchLength {
        /// The path.
        path: String,
        /// As `fetch.txt` says.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// The payload has another size than `bag-info.txt` says.
    #[error("the payload has {octets} bytes in {streams} files, `bag-info.txt` says {expected}")]
    Oxum {
        /// As `bag-info.txt` has it.
        expected: String,
        /// Bytes that there are.
        octets: u64,
        /// Files that there are.
        streams: u64,
    },
    /// A manifest was written with a star before its paths.
    #[error("`{file}` was written by a tool for checksums, with a star before its paths")]
    Star {
        /// The manifest.
        file: String,
    },
    /// A manifest was written with `./` before its paths.
    #[error("`{file}` has `./` before its paths")]
    Dot {
        /// The manifest.
        file: String,
    },
    /// A path is written otherwise than the file is named: in case or in the form of its accents.
    #[error("`{path}` is listed and `{present}` is there: systems that tell them apart lose the file")]
    SpelledOtherwise {
        /// As listed.
        path: String,
        /// As it is there.
        present: String,
    },
    /// A file that systems make and take away by themselves is listed and gone, or there and not listed.
    #[error("`{path}` is a file that systems make and take away by themselves; it is listed and gone, or not listed")]
    SystemFile {
        /// The path.
        path: String,
    },
}

/// A fault and its weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BagProblem {
    /// What.
    #[serde(flatten)]
    pub fault: BagFault,
    /// True when the bag is invalid for it; else it is worth knowing.
    pub is_error: bool,
}

/// What a bag says of itself, and what is not as it should be. Each file's own outcome stands beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BagReport {
    /// Such as `1.0`; nothing when it cannot be read.
    pub version: Option<String>,
    /// In the order in which they were found.
    pub problems: Vec<BagProblem>,
}

impl BagReport {
    /// True when nothing makes the bag invalid.
    pub fn is_good(&self) -> bool {
        !self.problems.iter().any(|problem| problem.is_error)
    }

    pub(super) fn error(&mut self, fault: BagFault) {
        self.add(fault, true);
    }

    pub(super) fn warn(&mut self, fault: BagFault) {
        self.add(fault, false);
    }

    /// The same is said once.
    pub(super) fn add(&mut self, fault: BagFault, is_error: bool) {
        let problem = BagProblem { fault, is_error };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}
