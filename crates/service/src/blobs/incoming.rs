//! Bytes that are on the disk and have no name yet: their checksum is known only at their end.

use std::io;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use packer::hash::{Crc32, Sha256};
use sha2::Digest;

use super::{BlobError, Blobs, Keeping};

/// Where bytes are that have no name yet.
const INCOMING: &str = "incoming";
/// Where files are written before they are renamed to what they are.
pub(super) const WRITING: &str = "incoming/writing";

/// One part of a large object: what is in memory at once. S3 takes 10 000 of them, of at least 5 MiB: 78 GiB.
const OBJECT_PART_BYTES: usize = 8 << 20;

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
    /// An object store takes large objects in parts; a folder takes what comes.
    async fn writer(&self, key: &str) -> Result<opendal::Writer, BlobError> {
        let writer = self.operator.writer_with(key);
        Ok(if self.root.is_some() { writer.await? } else { writer.chunk(OBJECT_PART_BYTES).await? })
    }

    /// Writes a stream to the store and sums it. `expected` is compared where it is known. Nothing stays on an error.
    pub async fn receive(
        &self,
        mut bytes: impl Stream<Item = io::Result<Bytes>> + Unpin + Send,
        expected: Option<Sha256>,
    ) -> Result<Incoming, BlobError> {
        let key = format!("{INCOMING}/{:032x}", rand::random::<u128>());
        let mut writer = self.writer(&key).await?;
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
            if self.root.is_some() {
                self.operator.rename(&one.key, &key).await?;
            } else {
                // Object stores cannot rename. A copy that stays behind is swept.
                self.operator.copy(&one.key, &key).await?;
                self.operator.delete(&one.key).await?;
            }
            keys.push(key);
        }
        self.make_durable(&keys).await
    }

    /// Throws away all bytes that have no name. Only where nobody else writes: whoever wrote them is gone.
    pub async fn clear_incoming(&self) -> Result<(), BlobError> {
        let Some(root) = self.root.clone() else {
            return Ok(self.operator.delete_with(&format!("{INCOMING}/")).recursive(true).await?);
        };
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
