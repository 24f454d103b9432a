//! ZIP archives whose entries are stored as they are, after PKWARE's APPNOTE.
//!
//! Sizes and checksums stand in the headers, never in data descriptors. A [`StoredZip`] is arithmetic and headers
//! only: whoever writes it puts the entries' own bytes between them. The same entries give the same bytes everywhere:
//! no host system, no owner, no rights, and midnight of one day as the time of every entry.

use std::collections::HashSet;

use crate::{date::ReleaseDate, hash::Crc32};

const LOCAL_HEADER: u32 = 0x0403_4B50;
const DIRECTORY_HEADER: u32 = 0x0201_4B50;
const DIRECTORY_END: u32 = 0x0605_4B50;
const LARGE_DIRECTORY_END: u32 = 0x0606_4B50;
const LARGE_DIRECTORY_LOCATOR: u32 = 0x0706_4B50;
/// The extra field that holds sizes and offsets of 64 bits.
const LARGE_EXTRA: u16 = 0x0001;

const LOCAL_HEADER_SIZE: u64 = 30;
/// The extra field of a local header: its own four bytes and both sizes.
const LOCAL_LARGE_EXTRA_SIZE: u64 = 20;

/// A stored file needs version 1.0, 64-bit fields need 4.5.
const VERSION_PLAIN: u16 = 10;
const VERSION_LARGE: u16 = 45;
/// General purpose bit 11: the name is UTF-8. Without it readers take the name for CP437, which agrees on ASCII.
const NAME_IS_UTF8: u16 = 1 << 11;
/// In a field of 32 or 16 bits: look into the 64-bit field.
const SEE_LARGE: u32 = u32::MAX;
const SEE_LARGE_COUNT: u16 = u16::MAX;

/// One entry: its name and what is known of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// The path inside the archive, with `/` between its parts.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The CRC-32 of the bytes.
    pub crc32: Crc32,
}

/// An archive of stored entries, as headers and offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredZip {
    date: ReleaseDate,
    entries: Vec<StoredEntry>,
}

/// Why entries make no archive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoredZipError {
    /// Readers would lose one of the two.
    #[error("two entries are named `{0}`")]
    DuplicateName(String),
    /// The format stores the length in 16 bits; an entry without a name cannot be extracted.
    #[error("the name of an entry has {0} bytes; 1 to 65535 can be stored")]
    NameLength(usize),
}

impl StoredZip {
    /// An archive of these entries in this order, all of the same day.
    pub fn new(date: ReleaseDate, entries: Vec<StoredEntry>) -> Result<Self, StoredZipError> {
        let mut names = HashSet::new();
        for entry in &entries {
            if !(1..=usize::from(u16::MAX)).contains(&entry.name.len()) {
                return Err(StoredZipError::NameLength(entry.name.len()));
            }
            if !names.insert(entry.name.as_str()) {
                return Err(StoredZipError::DuplicateName(entry.name.clone()));
            }
        }
        Ok(Self { date, entries })
    }

    /// The entries, in order.
    pub fn entries(&self) -> &[StoredEntry] {
        &self.entries
    }

    /// The bytes that stand right before the bytes of an entry.
    pub fn header(&self, index: usize) -> Vec<u8> {
        let entry = &self.entries[index];
        let large = is_large(entry.size);
        let mut bytes = Vec::with_capacity(50 + entry.name.len());
        bytes.extend(LOCAL_HEADER.to_le_bytes());
        bytes.extend(version(large).to_le_bytes());
        self.put_what_both_headers_share(&mut bytes, entry);
        let extra = if large { LOCAL_LARGE_EXTRA_SIZE } else { 0 };
        bytes.extend(short(extra).to_le_bytes());
        bytes.extend(entry.name.as_bytes());
        if large {
            bytes.extend(large_extra(&[entry.size, entry.size]));
        }
        bytes
    }

    /// Where the header of an entry begins, in bytes from the start of the archive.
    pub fn header_offset(&self, index: usize) -> u64 {
        self.entries[..index].iter().map(|entry| header_size(entry) + entry.size).sum()
    }

    /// The bytes that stand behind the bytes of the last entry.
    pub fn directory(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut offset = 0;
        for entry in &self.entries {
            self.put_directory_header(&mut bytes, entry, offset);
            offset += header_size(entry) + entry.size;
        }
        let directory_size = bytes.len() as u64;
        let count = self.entries.len() as u64;
        if is_large(offset) || is_large(directory_size) || count >= u64::from(SEE_LARGE_COUNT) {
            bytes.extend(LARGE_DIRECTORY_END.to_le_bytes());
            // What follows this field in the record.
            bytes.extend(44_u64.to_le_bytes());
            bytes.extend(VERSION_LARGE.to_le_bytes());
            bytes.extend(VERSION_LARGE.to_le_bytes());
            bytes.extend([0; 8]);
            bytes.extend(count.to_le_bytes());
            bytes.extend(count.to_le_bytes());
            bytes.extend(directory_size.to_le_bytes());
            bytes.extend(offset.to_le_bytes());
            bytes.extend(LARGE_DIRECTORY_LOCATOR.to_le_bytes());
            bytes.extend([0; 4]);
            bytes.extend((offset + directory_size).to_le_bytes());
            bytes.extend(1_u32.to_le_bytes());
        }
        bytes.extend(DIRECTORY_END.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(short(count).to_le_bytes());
        bytes.extend(short(count).to_le_bytes());
        bytes.extend(long(directory_size).to_le_bytes());
        bytes.extend(long(offset).to_le_bytes());
        bytes.extend([0; 2]);
        bytes
    }

    /// Bytes of the whole archive.
    pub fn size(&self) -> u64 {
        self.header_offset(self.entries.len()) + self.directory().len() as u64
    }

    fn put_directory_header(&self, bytes: &mut Vec<u8>, entry: &StoredEntry, offset: u64) {
        let mut large = Vec::new();
        if is_large(entry.size) {
            large.extend([entry.size, entry.size]);
        }
        if is_large(offset) {
            large.push(offset);
        }
        let version = version(!large.is_empty());
        bytes.extend(DIRECTORY_HEADER.to_le_bytes());
        // Made by: the high byte is the host system, 0, which stores no rights.
        bytes.extend(version.to_le_bytes());
        bytes.extend(version.to_le_bytes());
        self.put_what_both_headers_share(bytes, entry);
        let extra = if large.is_empty() { Vec::new() } else { large_extra(&large) };
        bytes.extend(short(extra.len() as u64).to_le_bytes());
        // No comment, first disk, no attributes.
        bytes.extend([0; 10]);
        bytes.extend(long(offset).to_le_bytes());
        bytes.extend(entry.name.as_bytes());
        bytes.extend(extra);
    }

    fn put_what_both_headers_share(&self, bytes: &mut Vec<u8>, entry: &StoredEntry) {
        let flags = if entry.name.is_ascii() { 0 } else { NAME_IS_UTF8 };
        bytes.extend(flags.to_le_bytes());
        // Method 0: stored. Then the time of the day: midnight.
        bytes.extend([0; 4]);
        bytes.extend(self.date.dos().to_le_bytes());
        bytes.extend(entry.crc32.0.to_le_bytes());
        bytes.extend(long(entry.size).to_le_bytes());
        bytes.extend(long(entry.size).to_le_bytes());
        bytes.extend(short(entry.name.len() as u64).to_le_bytes());
    }
}

fn header_size(entry: &StoredEntry) -> u64 {
    let extra = if is_large(entry.size) { LOCAL_LARGE_EXTRA_SIZE } else { 0 };
    LOCAL_HEADER_SIZE + entry.name.len() as u64 + extra
}

fn is_large(value: u64) -> bool {
    value >= u64::from(SEE_LARGE)
}

fn version(large: bool) -> u16 {
    if large { VERSION_LARGE } else { VERSION_PLAIN }
}

fn large_extra(values: &[u64]) -> Vec<u8> {
    let mut bytes = LARGE_EXTRA.to_le_bytes().to_vec();
    bytes.extend(short(values.len() as u64 * 8).to_le_bytes());
    for value in values {
        bytes.extend(value.to_le_bytes());
    }
    bytes
}

/// The value, or the mark that sends the reader to the 64-bit field.
fn long(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(SEE_LARGE)
}

fn short(value: u64) -> u16 {
    u16::try_from(value).unwrap_or(SEE_LARGE_COUNT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date() -> ReleaseDate {
        "2026-11-22".parse().unwrap()
    }

    fn entry(name: &str, bytes: &[u8]) -> StoredEntry {
        StoredEntry { name: name.to_owned(), size: bytes.len() as u64, crc32: Crc32(crc32fast::hash(bytes)) }
    }

    #[test]
    fn a_reader_finds_the_entries_with_their_bytes() {
        let contents: [(&str, &[u8]); 3] = [("file_id.diz", b"disk"), ("été.nfo", b"info"), ("empty", b"")];
        let zip = StoredZip::new(date(), contents.iter().map(|(name, bytes)| entry(name, bytes)).collect()).unwrap();
        let mut bytes = Vec::new();
        for (index, (_, content)) in contents.iter().enumerate() {
            assert_eq!(bytes.len() as u64, zip.header_offset(index));
            bytes.extend(zip.header(index));
            bytes.extend(*content);
        }
        bytes.extend(zip.directory());
        assert_eq!(bytes.len() as u64, zip.size());

        let archive = rawzip::ZipArchive::from_slice(&bytes).unwrap();
        let mut read = Vec::new();
        for record in archive.entries() {
            let record = record.unwrap();
            assert!(!record.flags().has_data_descriptor());
            let content = archive.get_entry(record.wayfinder()).unwrap();
            assert_eq!(crc32fast::hash(content.data()), record.crc32());
            read.push((String::from_utf8(record.file_path().as_bytes().to_vec()).unwrap(), content.data().to_vec()));
        }
        let expected: Vec<_> = contents.iter().map(|(name, content)| ((*name).to_owned(), content.to_vec())).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn two_entries_of_one_name_and_names_that_cannot_be_stored_are_refused() {
        let twice = StoredZip::new(date(), vec![entry("a", b""), entry("a", b"")]);
        assert_eq!(twice, Err(StoredZipError::DuplicateName("a".to_owned())));
        let nameless = StoredZip::new(date(), vec![entry("", b"")]);
        assert_eq!(nameless, Err(StoredZipError::NameLength(0)));
        let long = StoredZip::new(date(), vec![entry(&"a".repeat(65_536), b"")]);
        assert_eq!(long, Err(StoredZipError::NameLength(65_536)));
    }
}
