//! Size, CRC-32 and SHA-256 of a stream, in one pass.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use crate::hash::{Crc32, Sha256};

/// Bytes that are read at once: large enough that system calls do not count, small enough for many jobs.
pub const BUFFER_SIZE: usize = 1 << 20;

/// What is known of a file once it was read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Bytes.
    pub size: u64,
    /// The CRC-32.
    pub crc32: Crc32,
    /// The SHA-256.
    pub sha256: Sha256,
}

impl Digest {
    /// The digest of bytes in memory.
    pub fn of(bytes: &[u8]) -> Self {
        let mut digester = Digester::default();
        digester.update(bytes);
        digester.finish()
    }

    /// The digest of everything that the reader still gives.
    pub fn of_reader(reader: &mut dyn Read) -> io::Result<Self> {
        let mut digester = Digester::default();
        let mut buffer = vec![0; BUFFER_SIZE];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(digester.finish()),
                Ok(count) => digester.update(&buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Takes size, CRC-32 and SHA-256 of bytes as they come.
#[derive(Debug, Clone, Default)]
pub struct Digester {
    size: u64,
    crc32: crc32fast::Hasher,
    sha256: sha2::Sha256,
}

impl Digester {
    /// Takes in the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.crc32.update(bytes);
        self.sha256.update(bytes);
    }

    /// Bytes taken in so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The CRC-32 of the bytes so far.
    pub fn crc32(&self) -> Crc32 {
        Crc32(self.crc32.clone().finalize())
    }

    /// The digest of everything taken in.
    pub fn finish(self) -> Digest {
        Digest { size: self.size, crc32: Crc32(self.crc32.finalize()), sha256: Sha256(self.sha256.finalize().into()) }
    }
}

/// A reader that sums whatever passes through it.
#[expect(missing_debug_implementations, reason = "the source is any reader")]
pub struct SummedReader<'a> {
    source: &'a mut dyn Read,
    digester: Digester,
}

impl<'a> SummedReader<'a> {
    /// Reads from the source; nothing has passed yet.
    pub fn new(source: &'a mut dyn Read) -> Self {
        Self { source, digester: Digester::default() }
    }

    /// The sums of what has passed.
    pub fn digester(&self) -> &Digester {
        &self.digester
    }
}

impl Read for SummedReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.digester.update(&buffer[..count]);
        Ok(count)
    }
}
