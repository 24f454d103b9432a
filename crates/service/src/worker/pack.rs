//! Making a package: staged on the local disk, stored file by file, then there at once with all its rows.

use std::path::Path;

use futures::StreamExt;
use packer::{
    manifest::{self, ManifestFile},
    pack::{PackError, PackTarget, Packed},
    plan::Plan,
    watch::Watch,
};
use store::{
    PackageId,
    jobs::{LogLevel, Outcome},
    packages::{Package, PackageFile},
    releases::Status,
};
use tempfile::TempDir;
use tokio_util::io::ReaderStream;

use super::{
    attempt::{Attempt, MOST_NAMED},
    fault::Fault,
};
use crate::{blobs::Incoming, jobs::JobState, releases::Stored};

/// How the names of staging folders begin.
const STAGING: &str = "packing-";

/// Bytes that are read from a staged file at once.
const CHUNK_BYTES: usize = 256 << 10;

pub(super) async fn pack(attempt: &Attempt) -> Result<JobState, Fault> {
    let stored = Stored::load(&attempt.services, attempt.release()?).await?;
    let plan = planned(&stored)?;
    let staging = stage(attempt).await?;
    let packed = write(attempt, &stored, plan, staging.path()).await?;
    let incoming = receive(attempt, &packed, staging.path()).await?;
    // On a blocking thread: taking a folder away waits for the disk.
    let closed = attempt.block(move |_| staging.close()).await.and_then(|closed| Ok(closed?));
    if let Err(fault) = closed.and_then(|()| attempt.check()) {
        attempt.services.blobs().discard(&incoming).await?;
        return Err(fault);
    }
    publish(attempt, &stored, &packed, &incoming).await
}

/// The plan under the name and the volume id that were taken when the job was accepted.
fn planned(stored: &Stored) -> Result<Plan, Fault> {
    if stored.release.status != Status::Packing {
        return Err(Fault::Lost);
    }
    let inspection = stored.inspection.as_ref().ok_or_else(|| Fault::ended("not-packable"))?;
    let volume_id = stored.release.volume_id.as_ref();
    let plan = stored.plan(inspection, stored.profile()?, volume_id).map_err(Fault::internal)?;
    if stored.release.name.as_deref() == Some(plan.name.to_string().as_str()) {
        Ok(plan)
    } else {
        // Another version of the product names it otherwise: packing anew takes the new name.
        Err(Fault::ended("name-changed"))
    }
}

async fn stage(attempt: &Attempt) -> Result<TempDir, Fault> {
    let folder = attempt.services.settings().staging_dir.clone();
    let made = attempt.block(move |_| {
        std::fs::create_dir_all(&folder)?;
        tempfile::Builder::new().prefix(STAGING).tempdir_in(&folder)
    });
    Ok(made.await??)
}

async fn write(attempt: &Attempt, stored: &Stored, plan: Plan, folder: &Path) -> Result<Packed, Fault> {
    let facts = [
        ("file", stored.book.file_name.clone()),
        ("size", stored.book.size.to_string()),
        ("profile", stored.release.profile.clone()),
        ("findings", plan.findings.len().to_string()),
    ];
    attempt.begin("packing", stored.book.size, facts).await;
    let mut book = attempt.services.blobs().open_blocking(&stored.book.sha256, stored.book.size).await?;
    let folder = folder.to_owned();
    let packed =
        attempt.block(move |watch| packer::pack::pack(&plan, &mut book, PackTarget::Staging(&folder), watch)).await?;
    packed.map_err(|error| match error {
        PackError::Cancelled => Fault::Stopped,
        PackError::Read(_) | PackError::Write { .. } => {
            Fault::Transient { code: error.code(), source: Box::new(error) }
        }
        PackError::Blocked(_) | PackError::NoRights | PackError::Layout(_) | PackError::BookChanged => {
            Fault::ended(error.code())
        }
        other => Fault::internal(other),
    })
}

/// Copies the staged files to the blob store, where they have no name yet.
async fn receive(attempt: &Attempt, packed: &Packed, folder: &Path) -> Result<Vec<Incoming>, Fault> {
    let total = packed.files.iter().map(|file| file.digest.size).sum();
    attempt.begin("storing", total, [("files", packed.files.len().to_string()), ("size", total.to_string())]).await;
    let (mut incoming, mut done) = (Vec::with_capacity(packed.files.len()), 0);
    for (number, file) in packed.files.iter().enumerate() {
        let received = match attempt.check() {
            Ok(()) => receive_one(attempt, file, folder, done, total).await,
            Err(stopped) => Err(stopped),
        };
        match received {
            Ok(one) => incoming.push(one),
            Err(fault) => {
                attempt.services.blobs().discard(&incoming).await?;
                return Err(fault);
            }
        }
        done += file.digest.size;
        if attempt.names_files() && number < MOST_NAMED {
            say_stored(attempt, file);
            attempt.store_what_is_due().await;
        }
    }
    let others = packed.files.iter().skip(MOST_NAMED).map(|file| file.digest.size);
    if attempt.names_files() && others.len() > 0 {
        let facts = [("files", others.len().to_string()), ("size", others.sum::<u64>().to_string())];
        attempt.say(LogLevel::Info, "others-stored", facts);
    }
    Ok(incoming)
}

fn say_stored(attempt: &Attempt, file: &ManifestFile) {
    let facts =
        [("path", file.path.clone()), ("size", file.digest.size.to_string()), ("crc32", file.digest.crc32.to_string())];
    attempt.say(LogLevel::Info, "file-stored", facts);
}

async fn receive_one(
    attempt: &Attempt,
    file: &ManifestFile,
    folder: &Path,
    before: u64,
    total: u64,
) -> Result<Incoming, Fault> {
    let staged = tokio::fs::File::open(folder.join(&file.path)).await?;
    let mut done = before;
    let chunks = ReaderStream::with_capacity(staged, CHUNK_BYTES).map(|chunk| {
        if attempt.watch.is_cancelled() {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        done += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        attempt.watch.progress(done, total);
        chunk
    });
    match attempt.services.blobs().receive(chunks, Some(file.digest.sha256)).await {
        // Even if the job was stopped meanwhile: whoever throws away what arrived must know of all of it.
        Ok(received) => Ok(received),
        Err(error) => {
            attempt.check()?;
            Err(error.into())
        }
    }
}

/// Names the bytes, writes the rows and ends the job: the package is there whole or not at all.
async fn publish(
    attempt: &Attempt,
    stored: &Stored,
    packed: &Packed,
    incoming: &[Incoming],
) -> Result<JobState, Fault> {
    let (release, now) = (&stored.release, attempt.services.now());
    let manifest = packed.files.iter().find(|file| file.path == manifest::FILE_NAME);
    let manifest = manifest.ok_or_else(|| Fault::internal(std::io::Error::other("a package without a manifest")))?;
    let profile = stored.profile()?;
    let package = Package {
        id: PackageId::new(now, rand::random()),
        release_id: release.id,
        revision: release.revision,
        name: release.name.clone().unwrap_or_default(),
        volume_id: release.volume_id.clone(),
        profile: profile.name.clone(),
        profile_version: profile.version,
        size: packed.files.iter().map(|file| file.digest.size).sum(),
        manifest_sha256: manifest.digest.sha256,
        created_by: attempt.job.created_by.unwrap_or(release.created_by),
        created_at: now,
        files_removed_at: None,
    };
    let files = (0..).zip(&packed.files).map(|(position, file)| PackageFile {
        position,
        path: file.path.clone(),
        size: file.digest.size,
        crc32: file.digest.crc32,
        sha256: file.digest.sha256,
        is_kept: true,
    });
    let files: Vec<PackageFile> = files.collect();
    let keeping = attempt.services.blobs().keep(attempt.services.store()).await?;
    attempt.services.blobs().adopt(&keeping, incoming).await?;
    let mut transaction = attempt.services.store().begin_write().await?;
    transaction.packages().add(&package, &files).await?;
    if !transaction.releases().finish_packing(release.id, now).await? {
        return Err(Fault::Lost);
    }
    attempt.say(LogLevel::Info, "package-whole", [("sha256", manifest.digest.sha256.to_string())]);
    let result = serde_json::json!({ "package": package.id, "files": files.len(), "size": package.size });
    let ended = attempt.finish(transaction, &Outcome::Done { result }).await?;
    metrics::counter!("packed_bytes_total").increment(package.size);
    Ok(ended)
}
