//! Bytes that are on the disk and have no name yet: their checksum is known only at their end.

use std::io;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use packer::hash::{Crc32, Sha256};
use sha2::Digest;

use super::{BlobError, Blobs, Keeping, sync};

/// Where bytes are that have no name yet.
const INCOMING: &str = "incoming";
/// Where files are written before they are renamed to what they are.
pub(super) const WRITING: &str = "incoming/writing";

/// Bytes that were written and summed, and wait for their name. Dropped they lie until they are swept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    key: String,
    /// Their SHA-256.
    pub sha256: Sha256,
    /// Their CRC-32.
    pub crc32: Crc32,
    /// How many.
    pub size: u64,
}

impl Blobs {
    /// Writes a stream to the disk and sums it. `expected` is compared where it is known. Nothing stays on an error.
    pub async fn receive(
        &self,
        mut bytes: impl Stream<Item = io::Result<Bytes>> + Unpin + Send,
        expected: Option<Sha256>,
    ) -> Result<Incoming, BlobError> {
        let key = format!("{INCOMING}/{:032x}", rand::random::<u128>());
        let mut writer = self.operator.writer(&key).await?;
        let (mut sha256, mut crc32, mut size) = (sha2::Sha256::new(), crc32fast::Hasher::new(), 0);
        while let Some(chunk) = bytes.next().await {
            let written = match chunk {
                Ok(chunk) => {
                    sha256.update(&chunk);
                    crc32.update(&chunk);
                    size += chunk.len() as u64;
                    writer.write(chunk).await.map_err(BlobError::from)
                }
                Err(error) => Err(BlobError::Disk(error)),
            };
            if let Err(error) = written {
                abort(&mut writer).await;
                return Err(error);
            }
        }
        let found = Sha256(sha256.finalize().into());
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            abort(&mut writer).await;
            return Err(BlobError::Mismatch { expected, found });
        }
        if let Err(error) = writer.close().await {
            abort(&mut writer).await;
            return Err(error.into());
        }
        Ok(Incoming { key, sha256: found, crc32: Crc32(crc32.finalize()), size })
    }

    /// Gives bytes their names, durably. Those that are there already are written over by the same bytes, which makes
    /// them young again for the sweep.
    pub async fn adopt(&self, _keeping: &Keeping, incoming: &[Incoming]) -> Result<(), BlobError> {
        let mut keys = Vec::with_capacity(incoming.len());
        for one in incoming {
            let key = Self::key(&one.sha256);
            self.operator.rename(&one.key, &key).await?;
            keys.push(key);
        }
        sync::folders(&self.root, &keys).await
    }

    /// Throws away all bytes that have no name. Only where nobody else writes: whoever wrote them is gone.
    pub async fn clear_incoming(&self) -> Result<(), BlobError> {
        let root = self.root.clone();
        let cleared = tokio::task::spawn_blocking(move || {
            std::fs::remove_dir_all(root.join(INCOMING))?;
            std::fs::create_dir_all(root.join(WRITING))
        });
        Ok(cleared.await.map_err(io::Error::other)??)
    }

    /// Throws bytes away that were not adopted.
    pub async fn discard(&self, incoming: &[Incoming]) -> Result<(), BlobError> {
        for one in incoming {
            self.operator.delete(&one.key).await?;
        }
        Ok(())
    }
}

/// What is left of a file that cannot be taken away now is swept later.
pub(super) async fn abort(writer: &mut opendal::Writer) {
    if let Err(error) = writer.abort().await {
        tracing::warn!(%error, "an unfinished file was left to be swept");
    }
}
