//! The Palm database that every Mobipocket and Kindle book is: a header, a list of offsets, and records between them.

use std::io::{self, Read, SeekFrom};

use crate::inspect::Source;

/// Bytes before the list of records.
const HEADER_BYTES: usize = 78;
/// Bytes of one entry of the list: an offset, attributes and an id.
const ENTRY_BYTES: usize = 8;

/// An open database: where its records are, never what they hold.
pub(super) struct PalmDatabase<'source> {
    source: &'source mut dyn Source,
    /// The database's name: at most 31 bytes, cut by whoever made it.
    pub(super) name: String,
    /// Where each record begins; the last number is the size of the file.
    offsets: Vec<u64>,
    /// True when the list names records that are not in the file, or not in their order.
    pub(super) is_damaged: bool,
}

impl<'source> PalmDatabase<'source> {
    /// Reads the list of records, 16 bits of them at most. Nothing comes when the file ends inside its header.
    pub(super) fn open(source: &'source mut dyn Source) -> io::Result<Option<Self>> {
        let size = source.seek(SeekFrom::End(0))?;
        source.seek(SeekFrom::Start(0))?;
        let mut header = [0; HEADER_BYTES];
        if !fill(source, &mut header)? {
            return Ok(None);
        }
        let name = header[..32].split(|byte| *byte == 0).next().unwrap_or_default();
        let name = String::from_utf8_lossy(name).into_owned();
        let count = usize::from(u16::from_be_bytes([header[76], header[77]]));
        let mut list = vec![0; count * ENTRY_BYTES];
        let mut is_damaged = !fill(source, &mut list)?;
        let mut offsets = Vec::with_capacity(count + 1);
        for entry in list.chunks_exact(ENTRY_BYTES) {
            let offset = u64::from(u32::from_be_bytes([entry[0], entry[1], entry[2], entry[3]]));
            if offset > size || offsets.last().is_some_and(|last| offset < *last) {
                // What stands behind the damage cannot be told apart.
                is_damaged = true;
                break;
            }
            offsets.push(offset);
        }
        offsets.push(size);
        Ok(Some(Self { source, name, offsets, is_damaged }))
    }

    /// Bytes of a record; nothing when there is no such record.
    pub(super) fn size(&self, index: usize) -> Option<u64> {
        Some(self.offsets.get(index.checked_add(1)?)? - self.offsets.get(index)?)
    }

    /// The first bytes of a record, `most` at most; nothing when there is no such record.
    pub(super) fn read(&mut self, index: usize, most: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(size) = self.size(index) else { return Ok(None) };
        self.source.seek(SeekFrom::Start(self.offsets[index]))?;
        let mut bytes = Vec::new();
        Read::take(&mut *self.source, size.min(most)).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }
}

/// Fills a buffer; false when the source ends before.
fn fill(source: &mut dyn Source, buffer: &mut [u8]) -> io::Result<bool> {
    match source.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
