//! Backups: every row and every blob, of one moment, checked after they were written.
//!
//! A place of backups, a folder or a part of a bucket, holds `blobs/`, which all of them share, and a folder for each: `database.ndjson.gz` with every
//! row, `blobs.txt` with the blobs it needs, and last of all `backup.json`. What has no `backup.json` is no backup.
//! Rows know no engine: a backup of SQLite can be restored into MySQL.

pub mod backups;
pub mod make;
pub mod manifest;
pub mod place;
pub mod restore;
mod rows;
mod seal;

use std::{io, path::PathBuf};

use packer::hash::Sha256;
use service::BlobError;
use store::{MigrationError, StoreError, copy::CopyError};

/// Why there is no backup, or why it was not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Reading or writing failed.
    #[error("{}", path.display())]
    Io {
        /// What was read or written.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The database failed.
    #[error("the database failed")]
    Store(#[from] StoreError),
    /// Its rows did not come out.
    #[error("the rows of the database were not copied")]
    Copy(#[from] CopyError),
    /// The schema of the empty database could not be made.
    #[error("the schema could not be made")]
    Migration(#[from] MigrationError),
    /// The blob store failed.
    #[error("the blob store failed")]
    Blobs(#[from] BlobError),
    /// A row points at bytes that are not there.
    #[error("the blob {0} is missing: `ebook-scene-packer doctor` looks for what else is")]
    BlobMissing(Sha256),
    /// Another process writes backups into this place.
    #[error("another process makes a backup in {}; wait until it has ended", .0.display())]
    InUse(PathBuf),
    /// Nobody said who comes to the object store.
    #[error("a backup in a bucket needs BACKUP_ACCESS_KEY and BACKUP_SECRET_KEY")]
    NoAccount,
    /// There is no complete backup there.
    #[error("{} is no complete backup: it has no readable backup.json", .0.display())]
    NotABackup(PathBuf),
    /// Another version made it.
    #[error("the backup has schema version {found}, this version {known}: {}", who_restores(*found, *known, version))]
    Schema {
        /// Its schema.
        found: i64,
        /// The one of this version.
        known: i64,
        /// Who made it.
        version: String,
    },
    /// Where it is to go, somebody lives already.
    #[error("the database holds {rows} rows in {table}: a backup is restored into an empty one only")]
    NotEmpty {
        /// Where the first was found.
        table: String,
        /// How many.
        rows: u64,
    },
    /// What was read is not what was written.
    #[error("the backup is damaged: {0}")]
    Damaged(String),
    /// It is encrypted, and nobody said with what it is opened.
    #[error("the backup is encrypted for {0}: name the file of its key with --identity")]
    Locked(String),
    /// The program that encrypts is not there, or did not do it.
    #[error("`age` did not do its work: {0}")]
    Age(String),
}

/// For `map_err`: which path it was.
pub(crate) fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.into();
    move |source| BackupError::Io { path, source }
}

/// After a rollback the version before works on the newer schema, and so makes backups that only the newer one restores.
fn who_restores(found: i64, known: i64, version: &str) -> String {
    if found > known {
        "restore it with a version of the product that knows this schema, such as the one that was rolled back"
            .to_owned()
    } else {
        format!("restore it with version {version} of the product, then migrate")
    }
}
