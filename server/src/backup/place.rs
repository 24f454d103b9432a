//! Where backups are: a folder, or an object store. Both are written and read by keys.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use opendal::{EntryMode, ErrorKind, Operator};
use service::{BlobLocation, ByteStream, S3Location};
use sha2::{Digest, Sha256};

use super::{BackupError, at};

/// The folder in a folder of backups where files are written before they get their names.
const WRITING: &str = ".writing";
/// Bytes that are read from a disk at once.
const CHUNK_BYTES: usize = 256 << 10;
/// Bytes that are asked of an object store at once, and one part of what is written there: each costs a way there and back.
const DISTANT_CHUNK_BYTES: usize = 8 << 20;

/// A folder or a part of a bucket that holds backups.
#[derive(Debug, Clone)]
pub struct BackupPlace {
    operator: Operator,
    root: Option<PathBuf>,
    name: String,
}

impl BackupPlace {
    /// Opens it. A folder is made when it is missing; an object store is not asked for anything yet.
    pub fn open(location: &BlobLocation) -> Result<Self, BackupError> {
        match location {
            BlobLocation::Folder(path) => {
                crate::node::make_private_folder(path).map_err(at(path))?;
                let root = path.canonicalize().map_err(at(path))?;
                let (operator, root) = BlobLocation::Folder(root).open(WRITING)?;
                Ok(Self { operator, root, name: path.display().to_string() })
            }
            BlobLocation::S3(bucket) => {
                let S3Location { bucket, prefix, .. } = bucket.as_ref();
                let name = format!("s3://{bucket}/{prefix}").trim_end_matches('/').to_owned();
                let (operator, root) = location.open(WRITING)?;
                Ok(Self { operator, root, name })
            }
        }
    }

    /// The folder, where it is one.
    pub(super) fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// A key as a person finds it again.
    pub(super) fn shown(&self, key: &str) -> PathBuf {
        PathBuf::from(format!("{}/{}", self.name, key.trim_end_matches('/')))
    }

    /// Bytes of a file, or nothing when there is none.
    pub(super) async fn size(&self, key: &str) -> Result<Option<u64>, BackupError> {
        match self.operator.stat(key).await {
            Ok(metadata) => Ok(metadata.is_file().then(|| metadata.content_length())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(key)(error)),
        }
    }

    /// When a file was written.
    pub(super) async fn written_at(&self, key: &str) -> Result<SystemTime, BackupError> {
        let metadata = self.operator.stat(key).await.map_err(self.failed(key))?;
        let at = metadata.last_modified().map(|at| at.into_inner().into());
        Ok(at.unwrap_or_else(SystemTime::now))
    }

    /// The bytes of a file.
    pub(super) async fn read(&self, key: &str) -> Result<ByteStream, BackupError> {
        let size = self.operator.stat(key).await.map_err(self.failed(key))?.content_length();
        if size == 0 {
            return Ok(futures::stream::empty().boxed());
        }
        let reader = self.operator.reader_with(key).chunk(self.chunk_bytes()).await.map_err(self.failed(key))?;
        let bytes = reader.into_bytes_stream(0..size).await.map_err(self.failed(key))?;
        Ok(bytes.boxed())
    }

    /// The bytes of a small file.
    pub(super) async fn read_whole(&self, key: &str) -> Result<Vec<u8>, BackupError> {
        Ok(self.operator.read(key).await.map_err(self.failed(key))?.to_vec())
    }

    /// The SHA-256 of a file, in hexadecimal.
    pub(super) async fn sum_of(&self, key: &str) -> Result<String, BackupError> {
        let mut bytes = self.read(key).await?;
        let mut sum = Sha256::new();
        while let Some(chunk) = bytes.try_next().await.map_err(at(self.shown(key)))? {
            sum.update(&chunk);
        }
        Ok(hexadecimal(sum))
    }

    /// Writes a file and reads it again. Returns its SHA-256, in hexadecimal. On an error nothing of it stays.
    pub(super) async fn write(
        &self,
        key: &str,
        mut bytes: impl Stream<Item = io::Result<Bytes>> + Unpin + Send,
    ) -> Result<String, BackupError> {
        let writer = self.operator.writer_with(key);
        let writer = if self.root.is_some() { writer } else { writer.chunk(DISTANT_CHUNK_BYTES) };
        let mut writer = writer.await.map_err(self.failed(key))?;
        let mut written = Sha256::new();
        let outcome = loop {
            match bytes.next().await {
                Some(Ok(chunk)) => {
                    written.update(&chunk);
                    if let Err(error) = writer.write(chunk).await {
                        break Err(self.failed(key)(error));
                    }
                }
                Some(Err(error)) => break Err(at(self.shown(key))(error)),
                None => break writer.close().await.map_err(self.failed(key)),
            }
        };
        if let Err(failure) = outcome {
            if let Err(error) = writer.abort().await {
                tracing::warn!(%error, key, "an unfinished file of a backup stays until the next backup");
            }
            return Err(failure);
        }
        let read = self.sum_of(key).await?;
        if read == hexadecimal(written) {
            Ok(read)
        } else {
            Err(BackupError::Damaged(format!("{} does not read as it was written", self.shown(key).display())))
        }
    }

    /// Makes the names of files durable. An object store has done so when it took them; in a folder, the folders still have
    /// to reach the disk.
    pub(super) async fn make_durable(&self, keys: &[String]) -> Result<(), BackupError> {
        let Some(root) = &self.root else { return Ok(()) };
        Ok(service::sync_folders(root, keys).await?)
    }

    /// The names of what is in it that is a folder, sorted.
    pub(super) async fn folders(&self) -> Result<BTreeSet<String>, BackupError> {
        let entries = self.operator.list("").await.map_err(self.failed(""))?;
        let folders = entries.into_iter().filter(|entry| entry.metadata().mode() == EntryMode::DIR);
        Ok(folders.map(|entry| entry.path().trim_end_matches('/').to_owned()).filter(|name| !name.is_empty()).collect())
    }

    /// The keys of all files below a folder.
    pub(super) async fn files_below(&self, folder: &str) -> Result<Vec<String>, BackupError> {
        let mut entries = match self.operator.lister_with(&format!("{folder}/")).recursive(true).await {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(self.failed(folder))?,
        };
        let mut files = Vec::new();
        while let Some(entry) = entries.try_next().await.map_err(self.failed(folder))? {
            if entry.metadata().mode() == EntryMode::FILE {
                files.push(entry.path().to_owned());
            }
        }
        Ok(files)
    }

    /// Removes a file.
    pub(super) async fn remove(&self, key: &str) -> Result<(), BackupError> {
        self.operator.delete(key).await.map_err(self.failed(key))
    }

    /// Removes a folder and all that is in it.
    pub(super) async fn remove_folder(&self, folder: &str) -> Result<(), BackupError> {
        let all = self.operator.delete_with(&format!("{folder}/")).recursive(true).await;
        all.map_err(self.failed(folder))
    }

    fn chunk_bytes(&self) -> usize {
        if self.root.is_some() { CHUNK_BYTES } else { DISTANT_CHUNK_BYTES }
    }

    /// For `map_err`: which file it was.
    fn failed(&self, key: &str) -> impl FnOnce(opendal::Error) -> BackupError {
        let path = self.shown(key);
        move |error| {
            let kind = match error.kind() {
                ErrorKind::NotFound => io::ErrorKind::NotFound,
                ErrorKind::PermissionDenied => io::ErrorKind::PermissionDenied,
                _ => io::ErrorKind::Other,
            };
            at(path)(io::Error::new(kind, error))
        }
    }
}

fn hexadecimal(sum: Sha256) -> String {
    packer::hash::Sha256(sum.finalize().into()).to_string()
}
