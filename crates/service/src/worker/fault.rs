//! Why an attempt at a job ended without a result.

use std::{collections::BTreeMap, error::Error};

use store::StoreError;

use crate::{blobs::BlobError, failure::Failure};

/// Why an attempt ended without a result.
#[derive(Debug)]
pub(super) enum Fault {
    /// It was asked to stop.
    Stopped,
    /// The job is somebody else's, or is gone.
    Lost,
    /// A disk or a network failed: another attempt may succeed.
    Transient {
        /// A stable code.
        code: &'static str,
        /// What failed.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Another attempt would give the same.
    Final {
        /// A stable code.
        code: &'static str,
        /// The facts for the sentence.
        data: BTreeMap<String, String>,
    },
    /// Our fault.
    Internal(Box<dyn Error + Send + Sync>),
}

impl Fault {
    pub(super) fn ended(code: &'static str) -> Self {
        Self::Final { code, data: BTreeMap::new() }
    }

    pub(super) fn internal(source: impl Error + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(source))
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) => Self::Transient { code: "database-busy", source: Box::new(error) },
            StoreError::Full(_) => Self::Transient { code: "disk-failed", source: Box::new(error) },
            other => Self::internal(other),
        }
    }
}

impl From<BlobError> for Fault {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Missing(_) => Self::ended("bytes-missing"),
            other => Self::Transient { code: "storage-failed", source: Box::new(other) },
        }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::Transient { code: "disk-failed", source: Box::new(error) }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        match failure.kind {
            crate::FailureKind::NotFound(_) => Self::Lost,
            crate::FailureKind::Unavailable => Self::Transient { code: "database-busy", source: Box::new(failure) },
            crate::FailureKind::StorageFull => Self::Transient { code: "disk-failed", source: Box::new(failure) },
            _ => Self::internal(failure),
        }
    }
}
