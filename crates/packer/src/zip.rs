//! ZIP archives as books use them: the central directory and every local header are seen, names are UTF-8 whatever
//! bit 11 says, and nothing unpacks beyond its limits.

use std::{
    cell::RefCell,
    fmt,
    io::{BufRead, BufReader, ErrorKind as IoErrorKind, Read, SeekFrom},
};

use flate2::{Decompress, FlushDecompress, Status};
use rawzip::{ErrorKind, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipLocator};

use crate::{
    container::{Container, Entry, ReadError},
    inspect::Source,
    limits::Limits,
    watch::Watch,
};

/// Stored, without compression.
pub const STORED: u16 = 0;
/// Deflated.
pub const DEFLATED: u16 = 8;
/// The extra field that WinZip's AES encryption adds.
const AES_FIELD: u16 = 0x9901;
/// The largest record of a central directory: its fixed part and three fields of 64 KiB.
const RECORD_BYTES: usize = 46 + 3 * 65_536;
/// Bytes that an entry may always unpack to, however small it is packed.
const RATIO_FREE: u64 = 1 << 20;
/// Bytes of a local header that are read at once: its fixed part and a name of ordinary length.
const WINDOW: usize = 128;
/// Packed bytes that are read at once: most chapters of a book whole.
const CHUNK: usize = 64 * 1024;
/// Room for what an entry unpacks to, for each packed byte, before it is known that it needs so much: texts take four.
const LIKELY_RATIO: u64 = 8;

/// What the headers of one entry say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Bytes as they are packed.
    pub packed: u64,
    /// The compression method by its number.
    pub method: u16,
    /// True when bit 0 or an AES extra field says that it is encrypted.
    pub is_encrypted: bool,
    /// Where the local header begins.
    pub offset: u64,
    /// The local header; nothing when there is none at the offset.
    pub local: Option<LocalHeader>,
}

/// What stands before the data of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalHeader {
    /// True when it has the name that the central directory has.
    pub has_same_name: bool,
    /// True when it has the method that the central directory has.
    pub has_same_method: bool,
    /// Bytes of its extra fields.
    pub extra_length: usize,
    /// Where the data ends.
    pub end: u64,
}

/// Why a file could not be opened as a ZIP.
#[derive(Debug, thiserror::Error)]
pub enum ZipError {
    /// The end record or the central directory is missing or damaged.
    #[error("the directory of the ZIP is missing or damaged")]
    Damaged,
    /// More entries than the limit.
    #[error("more than {0} entries")]
    Entries(u64),
    /// A central directory larger than the limit.
    #[error("a directory of more than {0} bytes")]
    Directory(u64),
    /// The source failed.
    #[error(transparent)]
    Io(std::io::Error),
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// An open archive. It keeps the names and numbers of its entries, never their content.
pub struct Zip<'source> {
    archive: ZipArchive<Ranges<'source>>,
    entries: Vec<Entry>,
    wayfinders: Vec<ZipArchiveEntryWayfinder>,
    ratio: u64,
    /// One for all entries: it keeps a window, which takes time to make.
    inflater: RefCell<Decompress>,
    /// Bytes of the whole file.
    pub size: u64,
}

/// Reads of a source at offsets, which is how an archive is read.
struct Ranges<'source>(RefCell<Window<'source>>);

/// A source, and the few bytes of it that were read last: the parts of a header are asked for one by one.
struct Window<'source> {
    source: &'source mut dyn Source,
    bytes: [u8; WINDOW],
    /// How many of them are read, and where they begin.
    length: usize,
    start: u64,
}

impl<'source> Ranges<'source> {
    fn of(source: &'source mut dyn Source) -> Self {
        Self(RefCell::new(Window { source, bytes: [0; WINDOW], length: 0, start: 0 }))
    }
}

impl ReaderAt for Ranges<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        let window = &mut *self.0.borrow_mut();
        if buffer.len() > WINDOW {
            window.source.seek(SeekFrom::Start(offset))?;
            return window.source.read(buffer);
        }
        let behind = offset.checked_sub(window.start).and_then(|behind| usize::try_from(behind).ok());
        let mut behind = behind.unwrap_or(usize::MAX);
        if behind.saturating_add(buffer.len()) > window.length {
            window.length = 0;
            window.source.seek(SeekFrom::Start(offset))?;
            window.length = window.source.read(&mut window.bytes)?;
            (window.start, behind) = (offset, 0);
        }
        let known = window.bytes.get(behind..window.length).unwrap_or_default();
        let count = known.len().min(buffer.len());
        buffer[..count].copy_from_slice(&known[..count]);
        Ok(count)
    }
}

impl fmt::Debug for Zip<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Zip").field("entries", &self.entries.len()).field("size", &self.size).finish()
    }
}

impl<'source> Zip<'source> {
    /// Reads the central directory and the local header of every entry.
    pub fn open(source: &'source mut dyn Source, limits: &Limits, watch: &dyn Watch) -> Result<Self, ZipError> {
        let (mut zip, names) = Self::read_directory(source, limits, watch)?;
        let mut buffer = vec![0; RECORD_BYTES];
        let total = zip.entries.len() as u64;
        for (index, entry) in zip.entries.iter_mut().enumerate() {
            if watch.is_cancelled() {
                return Err(ZipError::Cancelled);
            }
            watch.progress(index as u64, total);
            let Some(header) = &mut entry.header else { continue };
            header.local =
                local_header(&zip.archive, zip.wayfinders[index], &names[index], header.method, &mut buffer)?;
        }
        Ok(zip)
    }

    /// Reads the central directory alone: no entry has a local header.
    pub fn directory(source: &'source mut dyn Source, limits: &Limits, watch: &dyn Watch) -> Result<Self, ZipError> {
        Self::read_directory(source, limits, watch).map(|(zip, _)| zip)
    }

    /// It, and the names of its entries as they are written, which are not kept.
    fn read_directory(
        source: &'source mut dyn Source,
        limits: &Limits,
        watch: &dyn Watch,
    ) -> Result<(Self, Vec<Vec<u8>>), ZipError> {
        let size = source.seek(SeekFrom::End(0)).map_err(ZipError::Io)?;
        let mut buffer = vec![0; RECORD_BYTES];
        let archive = ZipLocator::new()
            .locate_in_reader(Ranges::of(source), &mut buffer, size)
            .map_err(|(_, error)| told(error))?;
        if archive.eocd_offset().saturating_sub(archive.directory_offset()) > limits.directory_bytes {
            return Err(ZipError::Directory(limits.directory_bytes));
        }
        let (mut entries, mut wayfinders) = (Vec::new(), Vec::new());
        let mut names: Vec<Vec<u8>> = Vec::new();
        let mut records = archive.entries(&mut buffer);
        while let Some(record) = records.next_entry().map_err(told)? {
            if entries.len() as u64 >= limits.entries {
                return Err(ZipError::Entries(limits.entries));
            }
            if watch.is_cancelled() {
                return Err(ZipError::Cancelled);
            }
            let name = record.file_path().as_bytes().to_vec();
            let has_aes = record.extra_fields().any(|(id, _)| id.as_u16() == AES_FIELD);
            entries.push(Entry {
                path: String::from_utf8_lossy(&name).into_owned(),
                is_utf8: std::str::from_utf8(&name).is_ok(),
                size: record.uncompressed_size_hint(),
                is_directory: record.is_dir(),
                is_link: record.mode().is_symlink(),
                header: Some(Header {
                    packed: record.compressed_size_hint(),
                    method: record.compression_method().as_u16(),
                    is_encrypted: record.flags().is_encrypted() || has_aes,
                    offset: record.local_header_offset(),
                    local: None,
                }),
            });
            wayfinders.push(record.wayfinder());
            names.push(name);
        }
        let inflater = RefCell::new(Decompress::new(false));
        Ok((Self { archive, entries, wayfinders, ratio: limits.ratio, inflater, size }, names))
    }

    /// Where the content of an entry begins and ends, packed as it is; nothing when that is outside the file.
    pub(crate) fn content(&self, index: usize) -> Option<(u64, u64)> {
        let found = self.archive.get_entry(*self.wayfinders.get(index)?).ok()?;
        let (start, end) = found.compressed_data_range();
        (start <= end && end <= self.size).then_some((start, end))
    }

    fn unpack(&self, index: usize, most: u64, is_whole: bool) -> Result<Vec<u8>, ReadError> {
        let entry = &self.entries[index];
        let header = entry.header.as_ref().ok_or(ReadError::Damaged)?;
        if header.is_encrypted {
            return Err(ReadError::Encrypted);
        }
        if is_whole && entry.size > most {
            return Err(ReadError::TooLarge(most));
        }
        let found = self.archive.get_entry(self.wayfinders[index]).map_err(unreadable)?;
        let (start, end) = found.compressed_data_range();
        if end > self.size || start > end {
            return Err(ReadError::Damaged);
        }
        // One byte more than declared is enough to know that the size lies.
        let cap = if is_whole { entry.size.saturating_add(1) } else { most };
        let unpacking = Unpacking { cap, packed: header.packed, ratio: self.ratio };
        let bytes = match header.method {
            STORED => unpacking.copy(found.reader())?,
            DEFLATED => {
                let raw =
                    BufReader::with_capacity(CHUNK.min(usize::try_from(end - start).unwrap_or(CHUNK)), found.reader());
                unpacking.inflate(raw, &mut self.inflater.borrow_mut())?
            }
            other => return Err(ReadError::Method(other)),
        };
        if is_whole {
            if bytes.len() as u64 != entry.size {
                return Err(ReadError::Size(entry.size));
            }
            if crc32fast::hash(&bytes) != found.reader().claim_verifier().crc {
                return Err(ReadError::Damaged);
            }
        }
        Ok(bytes)
    }
}

/// How far an entry is unpacked. Memory grows only with what was really unpacked.
struct Unpacking {
    /// Bytes after which it stops.
    cap: u64,
    /// Bytes as they are packed.
    packed: u64,
    /// Unpacked bytes for each packed byte beyond which it is a bomb.
    ratio: u64,
}

impl Unpacking {
    fn copy(&self, reader: impl Read) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        let most = self.cap.min(self.packed.saturating_mul(self.ratio).max(RATIO_FREE).saturating_add(1));
        reader.take(most).read_to_end(&mut bytes).map_err(failed)?;
        self.judge(&bytes)?;
        Ok(bytes)
    }

    fn inflate(&self, mut reader: impl BufRead, inflater: &mut Decompress) -> Result<Vec<u8>, ReadError> {
        inflater.reset(false);
        let cap = usize::try_from(self.cap).unwrap_or(usize::MAX);
        let likely = usize::try_from(self.packed.saturating_mul(LIKELY_RATIO)).unwrap_or(CHUNK).clamp(CHUNK, CHUNK * 8);
        let mut bytes = Vec::with_capacity(cap.min(likely));
        loop {
            let input = reader.fill_buf().map_err(failed)?;
            let flush = if input.is_empty() { FlushDecompress::Finish } else { FlushDecompress::None };
            if bytes.len() == bytes.capacity() {
                bytes.reserve(bytes.len().min(cap - bytes.len()));
            }
            let (before, length) = (inflater.total_in(), bytes.len());
            let status = inflater.decompress_vec(input, &mut bytes, flush).map_err(|_| ReadError::Damaged)?;
            let is_stuck = input.is_empty() && bytes.len() == length;
            let taken = usize::try_from(inflater.total_in() - before).unwrap_or(input.len());
            reader.consume(taken);
            self.judge(&bytes)?;
            if bytes.len() >= cap {
                bytes.truncate(cap);
                return Ok(bytes);
            }
            match status {
                Status::StreamEnd => return Ok(bytes),
                Status::Ok | Status::BufError if is_stuck => return Err(ReadError::Damaged),
                Status::Ok | Status::BufError => {}
            }
        }
    }

    fn judge(&self, bytes: &[u8]) -> Result<(), ReadError> {
        let unpacked = bytes.len() as u64;
        let is_bomb = unpacked > RATIO_FREE && unpacked > self.packed.saturating_mul(self.ratio);
        if is_bomb { Err(ReadError::Bomb(self.ratio)) } else { Ok(()) }
    }
}

/// What is damaged is a fault of the book; a source that fails is not.
fn failed(error: std::io::Error) -> ReadError {
    match error.kind() {
        IoErrorKind::UnexpectedEof | IoErrorKind::InvalidData | IoErrorKind::InvalidInput => ReadError::Damaged,
        _ => ReadError::Io(error),
    }
}

impl Container for Zip<'_> {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, index: usize, most: u64) -> Result<Vec<u8>, ReadError> {
        self.unpack(index, most, true)
    }

    fn head(&self, index: usize, most: usize) -> Result<Vec<u8>, ReadError> {
        self.unpack(index, most as u64, false)
    }

    fn archive_bytes(&self) -> Option<u64> {
        Some(self.size)
    }
}

fn local_header(
    archive: &ZipArchive<Ranges<'_>>,
    wayfinder: ZipArchiveEntryWayfinder,
    name: &[u8],
    method: u16,
    buffer: &mut [u8],
) -> Result<Option<LocalHeader>, ZipError> {
    let entry = match archive.get_entry(wayfinder) {
        Ok(entry) => entry,
        Err(error) => return absent(error),
    };
    match entry.local_header(buffer) {
        Ok(local) => Ok(Some(LocalHeader {
            has_same_name: local.file_path().as_bytes() == name,
            has_same_method: local.compression_method().as_u16() == method,
            extra_length: local.extra_fields().remaining_bytes().len(),
            end: entry.compressed_data_range().1,
        })),
        Err(error) => absent(error),
    }
}

/// A header that cannot be read is a fault of the book; a source that fails is not.
fn absent(error: rawzip::Error) -> Result<Option<LocalHeader>, ZipError> {
    match told(error) {
        ZipError::Damaged => Ok(None),
        other => Err(other),
    }
}

fn told(error: rawzip::Error) -> ZipError {
    match error.into_kind() {
        ErrorKind::IO(error) if !is_short(&error) => ZipError::Io(error),
        _ => ZipError::Damaged,
    }
}

fn unreadable(error: rawzip::Error) -> ReadError {
    match told(error) {
        ZipError::Io(error) => ReadError::Io(error),
        _ => ReadError::Damaged,
    }
}

/// An offset beyond the file, or beyond what files can have, is the archive's fault.
fn is_short(error: &std::io::Error) -> bool {
    matches!(error.kind(), IoErrorKind::UnexpectedEof | IoErrorKind::InvalidInput)
}
