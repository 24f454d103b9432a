//! Blobs: the bytes of books and packages, under the SHA-256 of their content.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use futures::stream::BoxStream;

/// Bytes on their way out.
pub type ByteStream = BoxStream<'static, io::Result<Bytes>>;

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
        expected: String,
        /// The checksum of the bytes.
        found: String,
    },
    /// The store itself failed.
    #[error("the blob store failed")]
    Store(#[source] opendal::Error),
    /// The disk failed.
    #[error("the disk failed")]
    Disk(#[from] io::Error),
}

/// The blob store. Cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    operator: opendal::Operator,
    root: PathBuf,
}

impl Blobs {
    /// A folder of this machine, made when it is missing.
    pub fn folder(root: &Path) -> Result<Self, BlobError> {
        std::fs::create_dir_all(root)?;
        let text = root.to_string_lossy();
        let service = opendal::services::Fs::default().root(&text).atomic_write_dir(&text);
        let operator = opendal::Operator::new(service).map_err(BlobError::Store)?;
        Ok(Self { operator, root: root.to_path_buf() })
    }
}

impl fmt::Debug for Blobs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let _ = &self.operator;
        formatter.debug_struct("Blobs").field("root", &self.root).finish_non_exhaustive()
    }
}
