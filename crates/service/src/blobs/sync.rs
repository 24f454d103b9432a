//! Folders, made durable: a file whose folder was not synced can be gone after a power cut, however often it was
//! synced itself. OpenDAL's folder service syncs files and not folders.

use std::{
    collections::BTreeSet,
    fs::File,
    io,
    path::{Path, PathBuf},
};

use super::BlobError;

/// Syncs every folder from those of the keys up to the root, the deepest first.
pub async fn folders(root: &Path, keys: &[String]) -> Result<(), BlobError> {
    let mut folders = BTreeSet::new();
    for key in keys {
        let inside = Path::new(key).ancestors().skip(1).map(|folder| root.join(folder));
        folders.extend(inside);
    }
    let synced = tokio::task::spawn_blocking(move || {
        folders.iter().rev().try_for_each(|folder: &PathBuf| File::open(folder)?.sync_all())
    });
    synced.await.map_err(io::Error::other)?.map_err(BlobError::Disk)
}
