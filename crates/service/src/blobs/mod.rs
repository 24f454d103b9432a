//! Blobs: the bytes of books and packages, under the SHA-256 of their content.
//!
//! `sha256/ab/cd/<hash>` holds what rows refer to, `uploads/<id>/<start>` the parts of uploads, `incoming/` what is
//! being written and has no name yet. Nothing is acknowledged before it is durable: in a folder, before file and folders
//! are on the disk; in an object store, before the store has said so.

mod incoming;
mod location;
mod reader;
mod sync;

use std::{
    fmt, io,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use futures::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use opendal::{ErrorKind, Operator};
use packer::hash::Sha256;
use store::{Store, StoreError, Timestamp, blobs::BlobLock};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, OwnedSemaphorePermit, RwLock, Semaphore};

pub use self::{
    incoming::Incoming,
    location::{BlobLocation, S3Location},
    reader::BlobReader,
    sync::folders as sync_folders,
};

/// Bytes on their way out.
pub type ByteStream = BoxStream<'static, io::Result<Bytes>>;

/// Bytes that are read at once: large enough for a disk, small enough for hundreds of readers.
const CHUNK_BYTES: usize = 256 << 10;
/// Bytes that are asked of an object store at once: each question costs a way there and back.
const DISTANT_CHUNK_BYTES: usize = 4 << 20;

/// Those who keep blobs at once in one process: each holds a connection to the database while it waits for another.
const KEEPERS: usize = 8;
/// Those who remove blobs at once in one process: it holds a connection while it waits for another, and those who wait
/// for it to be done would hold one each.
const REMOVERS: usize = 1;

/// Why the blob store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There is no such blob.
    #[error("there is no blob {0}")]
    Missing(String),
    /// The bytes are not those that were announced.
    #[error("expected {expected}, and the bytes are {found}")]
    Mismatch {
        /// The checksum that was announced.
        expected: Sha256,
        /// The checksum of the bytes.
        found: Sha256,
    },
    /// The store itself failed.
    #[error("the blob store failed")]
    Store(#[source] Box<opendal::Error>),
    /// The disk, or whatever the bytes came from, failed.
    #[error("reading or writing failed")]
    Disk(#[from] io::Error),
}

impl From<opendal::Error> for BlobError {
    fn from(error: opendal::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::Missing(error.to_string()),
            _ => Self::Store(Box::new(error)),
        }
    }
}

/// The blob store. Cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    operator: Operator,
    /// The folder; nothing for an object store.
    root: Option<PathBuf>,
    references: Arc<RwLock<()>>,
    keepers: Arc<Semaphore>,
    removers: Arc<Semaphore>,
}

/// Held from before a blob gets its name until the row that refers to it is committed: meanwhile nothing is removed, be
/// it by this process or by another.
#[derive(Debug)]
#[expect(dead_code, reason = "these are locks, and their end lets go")]
pub struct Keeping {
    everywhere: Option<BlobLock>,
    here: OwnedRwLockReadGuard<()>,
    permit: Option<OwnedSemaphorePermit>,
}

/// Held while it is decided what nothing refers to: meanwhile nothing gets a name, be it in this process or in another.
#[derive(Debug)]
#[expect(dead_code, reason = "these are locks, and their end lets go")]
pub struct Removing {
    everywhere: Option<BlobLock>,
    here: OwnedRwLockWriteGuard<()>,
    permit: Option<OwnedSemaphorePermit>,
}

/// A blob as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its key.
    pub key: String,
    /// When it was written, where the store knows.
    pub written_at: Option<Timestamp>,
}

impl Blobs {
    /// Opens the store. An object store is not asked for anything yet.
    pub fn open(location: &BlobLocation) -> Result<Self, BlobError> {
        let (operator, root) = location.open(incoming::WRITING)?;
        let (keepers, removers) = (Arc::new(Semaphore::new(KEEPERS)), Arc::new(Semaphore::new(REMOVERS)));
        Ok(Self { operator, root, references: Arc::default(), keepers, removers })
    }

    /// The folder that it is in; nothing for an object store.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// Bytes that may still be written, where a disk says; others may write too, so it is a guess of the moment.
    pub async fn free_bytes(&self) -> Option<u64> {
        let root = self.root.clone()?;
        let asked = tokio::task::spawn_blocking(move || rustix::fs::statvfs(&root).ok());
        asked.await.ok().flatten().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// The key of the bytes with this checksum.
    pub fn key(sha256: &Sha256) -> String {
        let hash = sha256.to_string();
        format!("sha256/{}/{}/{hash}", &hash[..2], &hash[2..4])
    }

    /// Bytes of a blob, or nothing when there is none.
    pub async fn size(&self, sha256: &Sha256) -> Result<Option<u64>, BlobError> {
        match self.operator.stat(&Self::key(sha256)).await {
            Ok(metadata) => Ok(Some(metadata.content_length())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The bytes of a blob, or a range of them. Nothing is read before the stream is.
    pub async fn read(&self, sha256: &Sha256, range: Range<u64>) -> Result<ByteStream, BlobError> {
        self.open_key(&Self::key(sha256), range).await
    }

    /// A blob to read on a blocking thread, from the runtime that calls this.
    pub async fn open_blocking(&self, sha256: &Sha256, size: u64) -> Result<BlobReader, BlobError> {
        // A reader only looks for its bytes when they are read, and then it is too late to tell missing from broken.
        let key = Self::key(sha256);
        self.operator.stat(&key).await?;
        let reader = self.operator.reader(&key).await?;
        Ok(BlobReader::new(reader, size, self.chunk_bytes(), tokio::runtime::Handle::current()))
    }

    /// Writes a part of an upload. It is durable when this returns; on an error nothing of it stays.
    pub async fn put_part(&self, key: &str, part: Bytes) -> Result<(), BlobError> {
        let mut writer = self.operator.writer(key).await?;
        let written = match writer.write(part).await {
            Ok(()) => writer.close().await.map(drop),
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            incoming::abort(&mut writer).await;
            return Err(error.into());
        }
        self.make_durable(&[key.to_owned()]).await
    }

    /// An object store has said so already; in a folder the folders still have to reach the disk.
    async fn make_durable(&self, keys: &[String]) -> Result<(), BlobError> {
        match &self.root {
            Some(root) => sync::folders(root, keys).await,
            None => Ok(()),
        }
    }

    fn chunk_bytes(&self) -> usize {
        if self.root.is_some() { CHUNK_BYTES } else { DISTANT_CHUNK_BYTES }
    }

    /// The bytes of parts, one after the other.
    pub fn open_parts(&self, parts: BoxStream<'static, Result<(String, u64), BlobError>>) -> ByteStream {
        let blobs = self.clone();
        parts
            .map_err(io::Error::other)
            .and_then(move |(key, length)| {
                let blobs = blobs.clone();
                async move { blobs.open_key(&key, 0..length).await.map_err(io::Error::other) }
            })
            .try_flatten()
            .boxed()
    }

    async fn open_key(&self, key: &str, range: Range<u64>) -> Result<ByteStream, BlobError> {
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let reader = self.operator.reader_with(key).chunk(self.chunk_bytes()).await?;
        Ok(reader.into_bytes_stream(range).await?.boxed())
    }

    /// Keeps blobs from being removed until rows refer to them.
    pub async fn keep(&self, store: &Store) -> Result<Keeping, StoreError> {
        // The semaphore is never closed.
        let permit = Arc::clone(&self.keepers).acquire_owned().await.ok();
        // In the order of those who remove: the other way round each would wait for the other.
        let everywhere = store.blobs().keep().await?;
        Ok(Keeping { everywhere, here: Arc::clone(&self.references).read_owned().await, permit })
    }

    /// Keeps blobs from getting rows while those without are removed.
    pub async fn begin_removing(&self, store: &Store) -> Result<Removing, StoreError> {
        // The semaphore is never closed.
        let permit = Arc::clone(&self.removers).acquire_owned().await.ok();
        // Other processes first: while they are waited for, nobody here who keeps is kept waiting.
        let everywhere = store.blobs().begin_removing().await?;
        Ok(Removing { everywhere, here: Arc::clone(&self.references).write_owned().await, permit })
    }

    /// Removes a blob that nothing refers to. That there is none is no error.
    pub async fn remove(&self, _removing: &Removing, sha256: &Sha256) -> Result<(), BlobError> {
        Ok(self.operator.delete(&Self::key(sha256)).await?)
    }

    /// Removes the parts of an upload, those too that no row knows of.
    pub async fn remove_upload(&self, folder: &str) -> Result<(), BlobError> {
        Ok(self.operator.delete_with(&format!("{folder}/")).recursive(true).await?)
    }

    /// Everything under a folder such as `sha256/`.
    pub async fn list(&self, folder: &str) -> Result<BoxStream<'static, Result<Stored, BlobError>>, BlobError> {
        let operator = self.operator.clone();
        let lister = self.operator.lister_with(folder).recursive(true).await?;
        let files = lister.map_err(BlobError::from).try_filter_map(move |entry| {
            let operator = operator.clone();
            async move {
                if !entry.metadata().mode().is_file() {
                    return Ok(None);
                }
                // An object store tells it in its list; a folder has to be asked.
                let metadata = match entry.metadata().last_modified() {
                    Some(_) => entry.metadata().clone(),
                    None => match operator.stat(entry.path()).await {
                        Ok(metadata) => metadata,
                        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                        Err(error) => return Err(error.into()),
                    },
                };
                let written_at = metadata.last_modified().map(|at| Timestamp(at.into_inner().as_millisecond()));
                Ok(Some(Stored { key: entry.path().to_owned(), written_at }))
            }
        });
        Ok(files.boxed())
    }

    /// Removes something that has no name yet.
    pub async fn remove_key(&self, key: &str) -> Result<(), BlobError> {
        Ok(self.operator.delete(key).await?)
    }

    /// Asks the store for an answer.
    pub async fn ping(&self) -> Result<(), BlobError> {
        Ok(self.operator.check().await?)
    }
}

impl fmt::Debug for Blobs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Blobs").field("root", &self.root).finish_non_exhaustive()
    }
}
