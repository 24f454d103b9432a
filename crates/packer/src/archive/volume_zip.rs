//! One volume in one stored ZIP, with its `file_id.diz` and the NFO.

use std::io::{self, Read, Seek, SeekFrom, Write};

use crate::{
    archive::{
        rar::{Volume, volume_name},
        zip_store::{StoredEntry, StoredZip, StoredZipError},
    },
    hash::Crc32,
    sums::{BUFFER_SIZE, SummedReader},
};

/// Where the volume stands among the entries: last, so that a reader of the first bytes sees the DIZ and the NFO.
const VOLUME_ENTRY: usize = 2;

/// The ZIP of one volume.
#[derive(Debug, Clone, Copy)]
pub struct VolumeZip<'a> {
    /// The volume.
    pub volume: Volume<'a>,
    /// The start of the names of the ZIP, the volume and the NFO: the volume id.
    pub base: &'a str,
    /// The bytes of `file_id.diz`.
    pub diz: &'a [u8],
    /// The bytes of the NFO.
    pub nfo: &'a [u8],
}

/// Why a volume was not written.
#[derive(Debug, thiserror::Error)]
pub enum VolumeZipError {
    /// The book could not be read.
    #[error("reading the book failed: {0}")]
    Read(#[source] io::Error),
    /// The volume could not be written.
    #[error("writing the volume failed: {0}")]
    Write(#[source] io::Error),
    /// The book ended before its size was reached.
    #[error("the book ended after {found} bytes")]
    BookEnded {
        /// Bytes that there were.
        found: u64,
    },
    /// The names do not fit into a ZIP.
    #[error(transparent)]
    Zip(#[from] StoredZipError),
}

impl VolumeZip<'_> {
    /// The name of the ZIP: base, number of two digits from 01, `.zip`.
    pub fn name(&self) -> String {
        zip_name(self.base, self.volume.index)
    }

    /// Writes the ZIP to `out`, which is empty, and takes the volume's part from the book.
    ///
    /// Headers stand before the bytes whose checksum they carry: they are written twice, the second time in place.
    pub fn write<W: Write + Seek>(&self, book: &mut SummedReader<'_>, out: &mut W) -> Result<(), VolumeZipError> {
        use VolumeZipError::Write as Failed;
        let preliminary = self.zip(Crc32(0))?;
        let mut head = Vec::new();
        for (index, bytes) in [self.diz, self.nfo].into_iter().enumerate() {
            head.extend(preliminary.header(index));
            head.extend(bytes);
        }
        head.extend(preliminary.header(VOLUME_ENTRY));
        head.extend(self.volume.opening(Crc32(0)));
        out.write_all(&head).map_err(Failed)?;

        let part = self.copy_part(book, out)?;
        let book_crc = if self.volume.is_last() { book.digester().crc32() } else { Crc32(part.clone().finalize()) };
        let opening = self.volume.opening(book_crc);
        let closing = self.volume.closing();
        let mut whole = crc32fast::Hasher::new();
        whole.update(&opening);
        whole.combine(&part);
        whole.update(&closing);

        let zip = self.zip(Crc32(whole.finalize()))?;
        out.write_all(&closing).map_err(Failed)?;
        out.write_all(&zip.directory()).map_err(Failed)?;
        out.seek(SeekFrom::Start(zip.header_offset(VOLUME_ENTRY))).map_err(Failed)?;
        out.write_all(&zip.header(VOLUME_ENTRY)).map_err(Failed)?;
        out.write_all(&opening).map_err(Failed)
    }

    fn copy_part<W: Write>(
        &self,
        book: &mut SummedReader<'_>,
        out: &mut W,
    ) -> Result<crc32fast::Hasher, VolumeZipError> {
        let mut crc = crc32fast::Hasher::new();
        let mut left = self.volume.layout.data_of(self.volume.index);
        let mut buffer = vec![0; BUFFER_SIZE];
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(BUFFER_SIZE);
            let count = match book.read(&mut buffer[..most]) {
                Ok(0) => return Err(VolumeZipError::BookEnded { found: book.digester().size() }),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(VolumeZipError::Read(error)),
            };
            crc.update(&buffer[..count]);
            out.write_all(&buffer[..count]).map_err(VolumeZipError::Write)?;
            left -= count as u64;
        }
        Ok(crc)
    }

    fn zip(&self, volume_crc: Crc32) -> Result<StoredZip, StoredZipError> {
        let known = |name: String, bytes: &[u8]| StoredEntry {
            name,
            size: bytes.len() as u64,
            crc32: Crc32(crc32fast::hash(bytes)),
        };
        let entries = vec![
            known("file_id.diz".to_owned(), self.diz),
            known(format!("{}.nfo", self.base), self.nfo),
            StoredEntry {
                name: volume_name(self.base, self.volume.index),
                size: self.volume.layout.size_of(self.volume.index),
                crc32: volume_crc,
            },
        ];
        StoredZip::new(self.volume.date, entries)
    }
}

/// The name of the ZIP that holds a volume; `index` counts from 0, the name from 01.
pub fn zip_name(base: &str, index: u32) -> String {
    format!("{base}{:02}.zip", index + 1)
}
