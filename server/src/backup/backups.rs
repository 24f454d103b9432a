//! The backups in a place: what is there, and what goes when it is old.

use std::{
    collections::HashSet,
    fs::File,
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use packer::hash::Sha256;

use super::{
    BackupError, at,
    manifest::{Manifest, blob_list, manifest_key},
    place::BackupPlace,
};

/// The folder of the blobs, which all backups share.
const BLOBS: &str = "blobs";
/// Held by whoever writes backups into a folder.
const LOCK: &str = "in-use.lock";
/// The same for an object store, which holds no locks: it stands in the folder of this process.
const DISTANT_LOCK: &str = "backup.lock";

/// Backups that this process alone writes.
#[derive(Debug)]
pub struct Backups {
    place: BackupPlace,
    _lock: File,
}

impl Backups {
    /// Takes the place. `staging` is a folder of this machine's own.
    ///
    /// # Errors
    /// `InUse` while another process writes into the same folder; into the same bucket only when it has the same `staging`.
    pub async fn take(place: BackupPlace, staging: &Path) -> Result<Self, BackupError> {
        let path = if let Some(root) = place.root() {
            root.join(LOCK)
        } else {
            crate::node::make_private_folder(staging).map_err(at(staging))?;
            staging.join(DISTANT_LOCK)
        };
        let lock = File::options().write(true).create(true).truncate(false).open(&path).map_err(at(&path))?;
        if lock.try_lock().is_err() {
            return Err(BackupError::InUse(place.shown("")));
        }
        let backups = Self { place, _lock: lock };
        backups.remove_unfinished().await?;
        Ok(backups)
    }

    /// Where they are.
    pub(super) fn place(&self) -> &BackupPlace {
        &self.place
    }

    /// Makes what was written under a name a backup: from here on it counts. Returns where it is.
    pub(super) async fn finish(
        &self,
        name: &str,
        manifest: &Manifest,
        mut written: Vec<String>,
    ) -> Result<PathBuf, BackupError> {
        let key = manifest_key(name);
        self.place.make_durable(&written).await?;
        let text = serde_json::to_vec_pretty(manifest).map_err(|error| at(self.place.shown(&key))(error.into()))?;
        self.place.write(&key, one(text)).await?;
        written.push(key);
        self.place.make_durable(&written).await?;
        Ok(self.place.shown(name))
    }

    /// Removes backups that are older than `keep`, but never the newest, and the blobs that none needs any more. Returns
    /// how many backups went.
    pub async fn remove_older_than(&self, keep: Duration) -> Result<u64, BackupError> {
        let (mut backups, _) = self.finished_and_not().await?;
        let newest = backups.pop();
        let mut removed = 0;
        let (mut kept, now) = (Vec::from_iter(newest), SystemTime::now());
        for backup in backups {
            let made = self.place.written_at(&manifest_key(&backup)).await?;
            if now.duration_since(made).unwrap_or_default() > keep {
                // First what makes it a backup: one that is half gone must not look whole.
                self.place.remove(&manifest_key(&backup)).await?;
                self.place.remove_folder(&backup).await?;
                removed += 1;
            } else {
                kept.push(backup);
            }
        }
        if removed > 0 {
            self.remove_unneeded_blobs(&kept).await?;
        }
        Ok(removed)
    }

    async fn remove_unneeded_blobs(&self, kept: &[String]) -> Result<(), BackupError> {
        let mut needed = HashSet::new();
        for backup in kept {
            needed.extend(blob_list(&self.place, backup).await?.into_iter().map(|(sha256, _)| sha256.to_string()));
        }
        for key in self.place.files_below(BLOBS).await? {
            let hash = Path::new(&key).file_stem().unwrap_or_default().to_string_lossy();
            if !needed.contains(hash.as_ref()) {
                self.place.remove(&key).await?;
            }
        }
        Ok(())
    }

    /// Every complete backup, the oldest first: their names are their times. And what was begun and not finished.
    async fn finished_and_not(&self) -> Result<(Vec<String>, Vec<String>), BackupError> {
        let (mut finished, mut unfinished) = (Vec::new(), Vec::new());
        for name in self.place.folders().await? {
            if self.place.size(&manifest_key(&name)).await?.is_some() {
                finished.push(name);
            } else if is_time(&name) {
                unfinished.push(name);
            }
        }
        Ok((finished, unfinished))
    }

    async fn remove_unfinished(&self) -> Result<(), BackupError> {
        let (_, unfinished) = self.finished_and_not().await?;
        for name in unfinished {
            self.place.remove_folder(&name).await?;
        }
        Ok(())
    }
}

/// A stream of bytes that are there already.
pub(super) fn one(bytes: Vec<u8>) -> impl futures::Stream<Item = io::Result<Bytes>> + Unpin + Send + 'static {
    futures::stream::iter([Ok(Bytes::from(bytes))])
}

/// The name of a backup that begins now.
pub(super) fn name_of(now: jiff::Timestamp) -> String {
    now.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// True for a name that a backup was given, also by a version that appended to it what was not finished. Whatever else lies
/// in the folder is not ours to remove.
fn is_time(name: &str) -> bool {
    let name = name.strip_suffix(".unfinished").unwrap_or(name);
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = name.strip_suffix('Z').and_then(|name| name.split_once('T'));
    parts.is_some_and(|(day, time)| digits(day, 8) && digits(time, 6))
}

/// The key of a blob.
pub(super) fn blob_key(sha256: &Sha256, is_encrypted: bool) -> String {
    let hash = sha256.to_string();
    let end = if is_encrypted { ".age" } else { "" };
    format!("{BLOBS}/{}/{}/{hash}{end}", &hash[..2], &hash[2..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_backup_left_behind_is_taken_for_unfinished() {
        assert!(is_time(&name_of(jiff::Timestamp::UNIX_EPOCH)));
        assert!(is_time("20200101T000000Z.unfinished"));
        for name in ["blobs", ".writing", "lost+found", "before the move", "20200101T000000", "2020T000000Z"] {
            assert!(!is_time(name), "{name}");
        }
    }
}
