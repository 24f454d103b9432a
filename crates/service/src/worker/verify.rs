//! Reading a package again and comparing it with its manifest.

use packer::{
    inspect::Source,
    verify::{Files, OpenError, Outcome as FileOutcome, VerifyError, VerifyLimits, verify_files},
};
use store::{jobs::Outcome, packages::PackageFile};
use tokio::runtime::Handle;

use super::{attempt::Attempt, fault::Fault};
use crate::{
    blobs::{BlobError, Blobs},
    jobs::JobState,
};

/// Files that a result lists: a page shows no more.
const MOST_LISTED: usize = 1_000;

/// The files of a package, as the packer reads them.
#[derive(Debug)]
struct StoredFiles {
    files: Vec<PackageFile>,
    blobs: Blobs,
    runtime: Handle,
}

pub(super) async fn verify(attempt: &Attempt) -> Result<JobState, Fault> {
    let package = attempt.job.package_id.ok_or(Fault::Lost)?;
    let packages = || attempt.services.store().packages();
    // A node of an earlier version, which knows of no such packages, may have asked for it.
    if packages().lookup(package).await?.ok_or(Fault::Lost)?.files_removed_at.is_some() {
        return Err(Fault::ended("package-removed"));
    }
    let files = packages().files(package).await?;
    if files.is_empty() {
        return Err(Fault::Lost);
    }
    attempt.watch.begin("verifying", files.iter().map(|file| file.size).sum());
    let blobs = attempt.services.blobs().clone();
    let stored = StoredFiles { files, blobs, runtime: Handle::current() };
    let verified = attempt.block(move |watch| verify_files(&stored, None, &VerifyLimits::default(), watch)).await?;
    let verification = verified.map_err(|error| match error {
        VerifyError::Cancelled => Fault::Stopped,
        VerifyError::Io(error) => error.into(),
        other => Fault::ended(other.code()),
    })?;
    let wrong = verification.files.iter().filter(|file| file.outcome != FileOutcome::Ok);
    let book = verification.book.as_ref().map(|book| match book {
        Ok(()) => "ok".to_owned(),
        Err(error) => error.to_string(),
    });
    let result = serde_json::json!({
        "good": verification.is_good(),
        "files": verification.files.len(),
        "wrong": wrong.take(MOST_LISTED).collect::<Vec<_>>(),
        "book": book,
    });
    let good = verification.is_good();
    let outcome = if good { Outcome::Done { result } } else { Outcome::DoneWithFindings { result } };
    let transaction = attempt.services.store().begin_write().await?;
    attempt.finish(transaction, &outcome).await
}

impl StoredFiles {
    fn find(&self, path: &str) -> Option<&PackageFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The bytes that there really are: the row only says how many there should be.
    fn stored_size(&self, file: &PackageFile) -> Result<u64, OpenError> {
        match self.runtime.block_on(self.blobs.size(&file.sha256)) {
            Ok(size) => size.ok_or(OpenError::Missing),
            Err(error) => Err(OpenError::Io(std::io::Error::other(error))),
        }
    }
}

impl Files for StoredFiles {
    fn list(&self, limits: &VerifyLimits) -> Result<Vec<String>, VerifyError> {
        if self.files.len() > limits.files {
            return Err(VerifyError::TooManyFiles(limits.files));
        }
        let mut paths: Vec<String> = self.files.iter().map(|file| file.path.clone()).collect();
        paths.sort_unstable();
        Ok(paths)
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.stored_size(self.find(path)?).ok()
    }

    fn open(&self, path: &str) -> Result<Box<dyn Source + '_>, OpenError> {
        let file = self.find(path).ok_or(OpenError::Missing)?;
        let size = self.stored_size(file)?;
        match self.runtime.block_on(self.blobs.open_blocking(&file.sha256, size)) {
            Ok(reader) => Ok(Box::new(reader)),
            Err(BlobError::Missing(_)) => Err(OpenError::Missing),
            Err(error) => Err(OpenError::Io(std::io::Error::other(error))),
        }
    }
}
