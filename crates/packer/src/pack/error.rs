//! Why a package was not written.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::{
    archive::{rar::VolumeLayoutError, volume_zip::VolumeZipError, zip_store::StoredZipError},
    finding::FindingCode,
    signing::SigningError,
};

/// Why a package was not written. Nothing of it is left behind, whichever it was.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Findings that the profile does not let pass.
    #[error("findings keep the release from being packed: {}", list(.0))]
    Blocked(Vec<FindingCode>),
    /// Nobody has said on what ground the book may be published.
    #[error("the rights basis is not given")]
    NoRights,
    /// The target is there already, be it a file, a link or a directory.
    #[error("`{}` exists already", .0.display())]
    TargetExists(PathBuf),
    /// The staging directory holds something.
    #[error("`{}` is not an empty directory", .0.display())]
    StagingNotEmpty(PathBuf),
    /// The book is not the one that was planned.
    #[error("the book has {found} bytes{}, the plan says {expected}: it changed since it was read", if *.more { " or more" } else { "" })]
    BookSize {
        /// What the plan says.
        expected: u64,
        /// What was read.
        found: u64,
        /// True when reading was given up before the end.
        more: bool,
    },
    /// The book has the planned size and other bytes.
    #[error("the book's bytes changed since it was read")]
    BookChanged,
    /// The book could not be read.
    #[error("reading the book failed: {0}")]
    Read(#[source] io::Error),
    /// A file or directory of the package could not be written.
    #[error("writing `{}` failed: {source}", .path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The book does not go into the volumes of the plan.
    #[error(transparent)]
    Layout(#[from] VolumeLayoutError),
    /// The names of the plan do not go into a ZIP.
    #[error(transparent)]
    Zip(#[from] StoredZipError),
    /// The plan lacks what its layout needs: a fault of whoever made the plan.
    #[error("the plan has no {0}")]
    Plan(&'static str),
    /// The manifest could not be signed.
    #[error("the manifest cannot be signed: {0}")]
    Signing(#[from] SigningError),
    /// The manifest could not be written as JSON: a fault of the program.
    #[error("the manifest cannot be written: {0}")]
    Manifest(#[from] serde_json::Error),
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl PackError {
    /// The stable code of the fact, for machines and for the catalogue of texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Blocked(_) => "pack-blocked",
            Self::NoRights => "pack-no-rights",
            Self::TargetExists(_) => "pack-target-exists",
            Self::StagingNotEmpty(_) => "pack-staging-not-empty",
            Self::BookSize { .. } | Self::BookChanged => "pack-book-changed",
            Self::Read(_) => "pack-read-failed",
            Self::Write { source, .. } if is_full(source) => "pack-disk-full",
            Self::Write { .. } => "pack-write-failed",
            Self::Layout(_) => "pack-too-large",
            Self::Zip(_) | Self::Plan(_) | Self::Manifest(_) => "pack-internal",
            Self::Signing(error) => error.code(),
            Self::Cancelled => "cancelled",
        }
    }

    /// For `map_err`: a failure at this path.
    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Write { path, source }
    }

    /// A failure of a volume at this path.
    pub(super) fn volume(path: &Path, expected: u64, error: VolumeZipError) -> Self {
        match error {
            VolumeZipError::Read(source) => Self::reading(source),
            VolumeZipError::Write(source) => Self::Write { path: path.to_owned(), source },
            VolumeZipError::BookEnded { found } => Self::BookSize { expected, found, more: false },
            VolumeZipError::Zip(error) => Self::Zip(error),
        }
    }

    /// A failure of reading the book, which may be the wish to stop.
    pub(super) fn reading(source: io::Error) -> Self {
        if source.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Stopped>) {
            Self::Cancelled
        } else {
            Self::Read(source)
        }
    }
}

/// Carries the wish to stop through a reader.
#[derive(Debug, thiserror::Error)]
#[error("cancelled")]
pub(super) struct Stopped;

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

fn list(codes: &[FindingCode]) -> String {
    codes.iter().map(FindingCode::as_str).collect::<Vec<_>>().join(", ")
}
