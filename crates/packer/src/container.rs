//! What a book's files are read from: a ZIP, or a directory that holds the unzipped book.

use crate::zip::Header;

/// One file or directory of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The path from the root, with `/`; what is not UTF-8 in it is replaced.
    pub path: String,
    /// False when the path was not UTF-8.
    pub is_utf8: bool,
    /// Bytes, as declared.
    pub size: u64,
    /// True for a directory.
    pub is_directory: bool,
    /// True for a symbolic link; it is never followed.
    pub is_link: bool,
    /// What a ZIP says beyond that; nothing in a directory.
    pub header: Option<Header>,
}

/// Why a file of a container could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is encrypted at the level of the ZIP.
    #[error("encrypted")]
    Encrypted,
    /// It is packed by a method other than stored and deflated, which OCF does not allow.
    #[error("compression method {0}")]
    Method(u16),
    /// It has more bytes than the reader takes.
    #[error("more than {0} bytes")]
    TooLarge(u64),
    /// It unpacks to far more than its size can hold.
    #[error("unpacks to more than {0} times its size")]
    Bomb(u64),
    /// It unpacks to another size than it declares.
    #[error("declares {0} bytes and has others")]
    Size(u64),
    /// Its bytes are damaged.
    #[error("damaged")]
    Damaged,
    /// The source failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Where a book's files are.
pub trait Container {
    /// Every entry, in the order of the central directory, or sorted by path.
    fn entries(&self) -> &[Entry];

    /// The whole content of an entry, when it has at most `most` bytes.
    fn read(&self, index: usize, most: u64) -> Result<Vec<u8>, ReadError>;

    /// The first `most` bytes of an entry, or fewer when it is shorter. Checksums are not compared.
    fn head(&self, index: usize, most: usize) -> Result<Vec<u8>, ReadError>;

    /// The bytes of the whole archive; nothing for a directory, of which rules about ZIPs say nothing.
    fn archive_bytes(&self) -> Option<u64> {
        None
    }
}
