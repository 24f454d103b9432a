//! A blob for readers that seek and block, as the packer's do.

use std::{
    fmt,
    io::{self, Read, Seek, SeekFrom},
};

use bytes::Bytes;
use packer::seeking::sought;
use tokio::runtime::Handle;

/// Reads a blob on a blocking thread, a chunk at a time. On a thread of the runtime it would panic: it is only made for
/// `spawn_blocking`.
pub struct BlobReader {
    reader: opendal::Reader,
    runtime: Handle,
    size: u64,
    chunk_bytes: u64,
    position: u64,
    chunk: Bytes,
    chunk_start: u64,
}

impl BlobReader {
    pub(super) fn new(reader: opendal::Reader, size: u64, chunk_bytes: usize, runtime: Handle) -> Self {
        Self {
            reader,
            runtime,
            size,
            chunk_bytes: chunk_bytes as u64,
            position: 0,
            chunk: Bytes::new(),
            chunk_start: 0,
        }
    }

    /// What of the chunk lies at the position; empty when the position is elsewhere.
    fn at_hand(&self) -> &[u8] {
        let inside = self.position.checked_sub(self.chunk_start).and_then(|inside| usize::try_from(inside).ok());
        inside.and_then(|inside| self.chunk.get(inside..)).unwrap_or_default()
    }
}

impl Read for BlobReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at_hand().is_empty() && self.position < self.size {
            let end = self.size.min(self.position + self.chunk_bytes);
            let chunk = self.runtime.block_on(self.reader.read(self.position..end)).map_err(io::Error::other)?;
            self.chunk = chunk.to_bytes();
            self.chunk_start = self.position;
            if self.chunk.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let count = self.at_hand().read(buffer)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = sought(to, self.position, self.size)?;
        Ok(self.position)
    }
}

impl fmt::Debug for BlobReader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BlobReader").field("size", &self.size).finish_non_exhaustive()
    }
}
