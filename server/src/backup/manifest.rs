//! What a backup says of itself, and what it needs.

use std::collections::BTreeMap;

use packer::hash::Sha256;
use serde::{Deserialize, Serialize};

use super::{BackupError, place::BackupPlace};

/// The form of everything here. Another one needs another version of the product.
pub const FORMAT: u32 = 1;

/// The file that makes a folder a backup. It is written last: what has none is no backup.
const MANIFEST: &str = "backup.json";
/// The list of the blobs that a backup needs: checksum, blank, bytes.
const BLOB_LIST: &str = "blobs.txt";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// The version of the product that made it.
    pub version: String,
    /// When, after RFC 3339.
    pub created_at: String,
    /// The newest migration of the database.
    pub schema_version: i64,
    /// For whom it is encrypted, when it is.
    pub encrypted_for: Option<String>,
    /// The name of the file with the rows.
    pub database: String,
    /// SHA-256 of that file, in hexadecimal.
    pub database_sha256: String,
    /// Rows by table, each table with a checksum over its rows in any order.
    pub tables: BTreeMap<String, TableSum>,
    /// How many blobs it needs.
    pub blobs: u64,
    /// Their bytes together.
    pub blob_bytes: u64,
}

/// What a table holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    /// Rows.
    pub rows: u64,
    /// The SHA-256 of every row, combined by exclusive or: no order, and every row counts.
    pub checksum: String,
}

/// The key of a backup's manifest.
pub(super) fn manifest_key(backup: &str) -> String {
    format!("{backup}/{MANIFEST}")
}

/// The key of the list of blobs that a backup needs.
pub(super) fn blob_list_key(backup: &str) -> String {
    format!("{backup}/{BLOB_LIST}")
}

/// What a backup says of itself.
pub(super) async fn read_manifest(place: &BackupPlace, backup: &str) -> Result<Manifest, BackupError> {
    let wrong = || BackupError::NotABackup(place.shown(backup));
    let key = manifest_key(backup);
    if place.size(&key).await?.is_none() {
        return Err(wrong());
    }
    let manifest: Manifest = serde_json::from_slice(&place.read_whole(&key).await?).map_err(|_| wrong())?;
    if manifest.format == FORMAT { Ok(manifest) } else { Err(wrong()) }
}

/// The blobs that a backup needs, with their bytes.
pub(super) async fn blob_list(place: &BackupPlace, backup: &str) -> Result<Vec<(Sha256, u64)>, BackupError> {
    let key = blob_list_key(backup);
    let text = place.read_whole(&key).await?;
    let text = String::from_utf8_lossy(&text);
    let blobs = text.lines().map(|line| {
        let pair = line.split_once(' ').and_then(|(hash, size)| Some((hash.parse().ok()?, size.parse().ok()?)));
        pair.ok_or_else(|| BackupError::Damaged(format!("{}: {line}", place.shown(&key).display())))
    });
    blobs.collect()
}
