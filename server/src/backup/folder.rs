//! The folder of backups: what is in it, and what goes when it is old.

use std::{
    collections::{BTreeMap, HashSet},
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use packer::hash::Sha256;
use serde::{Deserialize, Serialize};

use super::{BackupError, at};

/// The form of everything here. Another one needs another version of the product.
pub const FORMAT: u32 = 1;

/// The file that makes a folder a backup.
pub(super) const MANIFEST: &str = "backup.json";
/// The list of the blobs that a backup needs: checksum, blank, bytes.
pub(super) const BLOB_LIST: &str = "blobs.txt";
/// What is appended to the name of a backup that is being made.
const UNFINISHED: &str = ".unfinished";
const BLOBS: &str = "blobs";
const LOCK: &str = "in-use.lock";

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

/// A folder of backups that this process alone writes into.
#[derive(Debug)]
pub struct BackupFolder {
    path: PathBuf,
    _lock: File,
}

impl BackupFolder {
    /// Takes the folder; makes it when it is missing.
    pub fn take(path: &Path) -> Result<Self, BackupError> {
        crate::node::make_private_folder(path).map_err(at(path))?;
        let lock_path = path.join(LOCK);
        let lock = File::options().write(true).create(true).truncate(false).open(&lock_path).map_err(at(&lock_path))?;
        if lock.try_lock().is_err() {
            return Err(BackupError::InUse(path.to_owned()));
        }
        let folder = Self { path: path.to_owned(), _lock: lock };
        folder.remove_unfinished()?;
        Ok(folder)
    }

    /// Begins a backup under a name.
    pub(super) fn begin(&self, name: &str) -> Result<PathBuf, BackupError> {
        let path = self.path.join(format!("{name}{UNFINISHED}"));
        crate::node::make_private_folder(&path).map_err(at(&path))?;
        Ok(path)
    }

    /// Makes what was begun a backup: from here on it counts.
    pub(super) fn finish(&self, begun: &Path, manifest: &Manifest) -> Result<PathBuf, BackupError> {
        let text = serde_json::to_vec_pretty(manifest).map_err(|error| at(begun)(error.into()))?;
        let file = begun.join(MANIFEST);
        write_durably(&file, &text).map_err(at(&file))?;
        let name = begun.to_string_lossy();
        let finished = PathBuf::from(name.strip_suffix(UNFINISHED).unwrap_or(&name));
        fs::rename(begun, &finished).map_err(at(&finished))?;
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(at(&self.path))?;
        Ok(finished)
    }

    /// Removes backups that are older than `keep`, but never the newest, and the blobs that none needs any more. Returns
    /// how many backups went.
    pub fn remove_older_than(&self, keep: Duration) -> Result<u64, BackupError> {
        let mut backups = self.backups()?;
        let newest = backups.pop();
        let mut removed = 0;
        let (mut kept, now) = (Vec::from_iter(newest), SystemTime::now());
        for backup in backups {
            let made = fs::metadata(backup.join(MANIFEST)).and_then(|file| file.modified()).map_err(at(&backup))?;
            if now.duration_since(made).unwrap_or_default() > keep {
                fs::remove_dir_all(&backup).map_err(at(&backup))?;
                removed += 1;
            } else {
                kept.push(backup);
            }
        }
        if removed > 0 {
            self.remove_unneeded_blobs(&kept)?;
        }
        Ok(removed)
    }

    fn remove_unneeded_blobs(&self, kept: &[PathBuf]) -> Result<(), BackupError> {
        let mut needed = HashSet::new();
        for backup in kept {
            needed.extend(blob_list(backup)?.into_iter().map(|(sha256, _)| sha256.to_string()));
        }
        for file in files_below(&self.path.join(BLOBS))? {
            let hash = file.file_stem().unwrap_or_default().to_string_lossy();
            if !needed.contains(hash.as_ref()) {
                fs::remove_file(&file).map_err(at(&file))?;
            }
        }
        Ok(())
    }

    /// Every complete backup, the oldest first: their names are their times.
    fn backups(&self) -> Result<Vec<PathBuf>, BackupError> {
        let mut found: Vec<_> = self.folders()?.into_iter().filter(|path| path.join(MANIFEST).is_file()).collect();
        found.retain(|path| !path.to_string_lossy().ends_with(UNFINISHED));
        found.sort();
        Ok(found)
    }

    fn remove_unfinished(&self) -> Result<(), BackupError> {
        for path in self.folders()? {
            if path.to_string_lossy().ends_with(UNFINISHED) {
                fs::remove_dir_all(&path).map_err(at(&path))?;
            }
        }
        Ok(())
    }

    fn folders(&self) -> Result<Vec<PathBuf>, BackupError> {
        let entries = fs::read_dir(&self.path).map_err(at(&self.path))?;
        Ok(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect())
    }

    /// Where a blob is, or would be.
    pub(super) fn blob(&self, sha256: &Sha256, is_encrypted: bool) -> PathBuf {
        blob_path(&self.path, sha256, is_encrypted)
    }
}

/// Where a blob is in a folder of backups.
pub(super) fn blob_path(backups: &Path, sha256: &Sha256, is_encrypted: bool) -> PathBuf {
    let hash = sha256.to_string();
    let folder = backups.join(BLOBS).join(&hash[..2]).join(&hash[2..4]);
    folder.join(if is_encrypted { format!("{hash}.age") } else { hash })
}

/// What a backup says of itself.
pub(super) fn read_manifest(backup: &Path) -> Result<Manifest, BackupError> {
    let wrong = || BackupError::NotABackup(backup.to_owned());
    let bytes = fs::read(backup.join(MANIFEST)).map_err(|_| wrong())?;
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
    if manifest.format == FORMAT { Ok(manifest) } else { Err(wrong()) }
}

/// The blobs that a backup needs, with their bytes.
pub(super) fn blob_list(backup: &Path) -> Result<Vec<(Sha256, u64)>, BackupError> {
    let path = backup.join(BLOB_LIST);
    let file = BufReader::new(File::open(&path).map_err(at(&path))?);
    let mut found = Vec::new();
    for line in file.lines() {
        let line = line.map_err(at(&path))?;
        let pair = line.split_once(' ').and_then(|(hash, size)| Some((hash.parse().ok()?, size.parse().ok()?)));
        found.push(pair.ok_or_else(|| BackupError::Damaged(format!("{}: {line}", path.display())))?);
    }
    Ok(found)
}

/// Writes a file that survives a power cut.
pub(super) fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(at(folder)(error)),
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    Ok(files)
}
