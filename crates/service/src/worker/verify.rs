//! Reading a package again and comparing it with its manifest.

use packer::{
    inspect::Source,
    sums::Digest,
    verify::{
        Files, OpenError, Outcome as FileOutcome, Verification, VerifiedFile, VerifyError, VerifyLimits, verify_files,
    },
    watch::Watch,
};
use store::{
    jobs::{LogLevel, Outcome},
    packages::PackageFile,
};
use tokio::runtime::Handle;

use super::{
    attempt::{Attempt, MOST_NAMED},
    fault::Fault,
};
use crate::{
    blobs::{BlobError, Blobs},
    jobs::{JobState, PackageCheck},
};

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
    let total = files.iter().map(|file| file.size).sum();
    attempt.begin("verifying", total, [("files", files.len().to_string()), ("size", total.to_string())]).await;
    let blobs = attempt.services.blobs().clone();
    let stored = StoredFiles { files, blobs, runtime: Handle::current() };
    let (verified, files) = attempt.block(move |watch| (stored.verify(watch), stored.files)).await?;
    let verification = verified.map_err(|error| match error {
        VerifyError::Cancelled => Fault::Stopped,
        VerifyError::Io(error) => error.into(),
        other => Fault::ended(other.code()),
    })?;
    let check = PackageCheck::of(&verification, &files);
    say(attempt, &check);
    let good = check.good;
    let result = serde_json::to_value(check).map_err(Fault::internal)?;
    let outcome = if good { Outcome::Done { result } } else { Outcome::DoneWithFindings { result } };
    let transaction = attempt.services.store().begin_write().await?;
    attempt.finish(transaction, &outcome).await
}

/// What it found, file by file.
fn say(attempt: &Attempt, check: &PackageCheck) {
    for file in check.wrong.iter().take(MOST_NAMED) {
        attempt.say(LogLevel::Error, &format!("file-{}", file.outcome), [("path", file.path.clone())]);
    }
    let others = check.wrong_files().saturating_sub(MOST_NAMED as u64);
    if others > 0 {
        attempt.say(LogLevel::Error, "others-wrong", [("files", others.to_string())]);
    }
    let good = check.files.saturating_sub(check.wrong_files());
    attempt.say(LogLevel::Info, "compared", [("good", good.to_string()), ("files", check.files.to_string())]);
    match &check.volumes {
        Some(volumes) if volumes.is_good() => attempt.say(LogLevel::Info, "volumes-good", []),
        Some(_) => attempt.say(LogLevel::Error, "volumes-wrong", []),
        None => {}
    }
}

impl StoredFiles {
    /// By the lists of the package; and the files that stand in none of them, such as the last list itself, by what is
    /// known of them from when they were made.
    fn verify(&self, watch: &dyn Watch) -> Result<Verification, VerifyError> {
        let mut verification = verify_files(self, None, &VerifyLimits::default(), watch)?;
        let is_told = |path: &str| {
            let says = |told: &VerifiedFile| !matches!(told.outcome, FileOutcome::Unreadable { .. });
            verification.files.iter().any(|told| told.path == path && says(told))
        };
        let untold = self.files.iter().filter(|file| !is_told(&file.path));
        let untold: Vec<_> =
            untold.map(|file| VerifiedFile { path: file.path.clone(), outcome: self.outcome(file) }).collect();
        verification.files.extend(untold);
        verification.files.sort_by(|one, other| one.path.cmp(&other.path));
        // That a list cannot be understood is said by what is wrong with its bytes.
        verification.files.dedup_by(|later, earlier| {
            let is_said_better = later.path == earlier.path
                && matches!(earlier.outcome, FileOutcome::Unreadable { .. })
                && later.outcome != FileOutcome::Ok;
            if is_said_better {
                std::mem::swap(earlier, later);
            }
            is_said_better
        });
        Ok(verification)
    }

    /// What became of a file since it was made.
    fn outcome(&self, file: &PackageFile) -> FileOutcome {
        let unreadable = |error: std::io::Error| FileOutcome::Unreadable { reason: error.to_string() };
        let found = match self.open(&file.path) {
            Ok(mut source) => Digest::of_reader(&mut source),
            Err(OpenError::Missing) => return FileOutcome::Missing,
            Err(OpenError::Refused) => return FileOutcome::Refused,
            Err(OpenError::Io(error)) => return unreadable(error),
        };
        match found {
            Err(error) => unreadable(error),
            Ok(found) if found.size != file.size => FileOutcome::Size { expected: file.size, found: found.size },
            Ok(found) if found.sha256 != file.sha256 => FileOutcome::Checksum {
                algorithm: "sha256",
                expected: file.sha256.to_string(),
                found: found.sha256.to_string(),
            },
            Ok(_) => FileOutcome::Ok,
        }
    }

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
