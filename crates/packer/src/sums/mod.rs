//! Checksums of files: taken while bytes pass, written as lists, and read back from lists.

mod digest;
pub mod sfv;
pub mod sha256sums;

pub use digest::{BUFFER_SIZE, Digest, Digester, SummedReader};

use crate::hash::{Crc32, Sha256};

/// One file as a list of checksums has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedFile {
    /// The path as it is written in the list, with `/` between its parts.
    pub path: String,
    /// Bytes, where the list says it.
    pub size: Option<u64>,
    /// The CRC-32, where the list says it.
    pub crc32: Option<Crc32>,
    /// The SHA-256, where the list says it.
    pub sha256: Option<Sha256>,
}

/// A line of a list that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is not {expected}")]
pub struct ListError {
    /// Counted from 1.
    pub line: usize,
    /// What should stand there.
    pub expected: &'static str,
}

/// The lines of a list with their numbers from 1, without their ends. Old lists end lines with CR LF, and with one
/// stray byte order mark at the start.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.split(|&byte| byte == b'\n').enumerate().map(|(index, line)| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        (index + 1, line)
    })
}
