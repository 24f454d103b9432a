//! A deflated file of an archive, as a file that can be sought in: it is unpacked as far as it is read.

use std::io::{self, BufReader, Read, Seek, SeekFrom, copy, sink};

use flate2::read::DeflateDecoder;

use super::Archive;
use crate::{inspect::Source, seeking::sought};

/// How often it is unpacked anew: a ZIP that is read from its end needs it a few times, and a hostile one for each byte.
const MOST_RESTARTS: u32 = 16;

/// Where a deflated file stands in an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Packed {
    /// Its first byte.
    pub(super) start: u64,
    /// Its bytes as they are packed.
    pub(super) length: u64,
    /// Its bytes once unpacked, as the archive says.
    pub(super) size: u64,
}

impl Packed {
    /// Unpacks it from its beginning.
    pub(super) fn read(self, archive: &dyn Archive) -> io::Result<impl Read> {
        let mut file = archive.open()?;
        file.seek(SeekFrom::Start(self.start))?;
        Ok(DeflateDecoder::new(BufReader::new(file).take(self.length)))
    }
}

/// It, open.
pub(super) struct Unpacked<'a> {
    archive: &'a dyn Archive,
    place: Packed,
    reader: Box<dyn Read + 'a>,
    /// Where the reader stands.
    read: u64,
    /// Where the next byte is wanted.
    at: u64,
    restarts: u32,
}

impl<'a> Unpacked<'a> {
    pub(super) fn open(archive: &'a dyn Archive, place: Packed) -> io::Result<Box<dyn Source + 'a>> {
        let reader = Box::new(place.read(archive)?);
        Ok(Box::new(Self { archive, place, reader, read: 0, at: 0, restarts: 0 }))
    }

    /// Brings the reader to where the next byte is wanted.
    fn go(&mut self) -> io::Result<()> {
        if self.at < self.read {
            self.restarts += 1;
            if self.restarts > MOST_RESTARTS {
                return Err(io::Error::other("it is read to and fro, which no ZIP needs"));
            }
            self.reader = Box::new(self.place.read(self.archive)?);
            self.read = 0;
        }
        let ahead = self.at - self.read;
        self.read += copy(&mut (&mut self.reader).take(ahead), &mut sink())?;
        Ok(())
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.place.size.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let most = left.min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        self.go()?;
        if self.read < self.at {
            // It is shorter than the archive says.
            return Ok(0);
        }
        let count = self.reader.read(&mut buffer[..most])?;
        self.read += count as u64;
        self.at = self.read;
        Ok(count)
    }
}

impl Seek for Unpacked<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = sought(to, self.at, self.place.size)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::DeflateEncoder};

    use super::*;

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_is_packed_is_read_at_any_place_and_not_without_end() {
        let text: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let archive = deflated(&text);
        let size = text.len() as u64;
        let archive: &[u8] = &archive;
        let place = Packed { start: 0, length: archive.len() as u64, size };
        let mut source = Unpacked::open(&archive, place).unwrap();
        let mut at = |place: SeekFrom, length: usize| {
            source.seek(place)?;
            let mut bytes = Vec::new();
            source.as_mut().take(length as u64).read_to_end(&mut bytes)?;
            io::Result::Ok(bytes)
        };
        assert_eq!(at(SeekFrom::End(-4), 9).unwrap(), text[text.len() - 4..]);
        assert_eq!(at(SeekFrom::Start(8), 8).unwrap(), text[8..16]);
        assert_eq!(at(SeekFrom::Current(1000), 4).unwrap(), text[1016..1020]);
        assert!(at(SeekFrom::End(5), 4).unwrap().is_empty());
        assert!((0..=MOST_RESTARTS).any(|_| at(SeekFrom::Start(0), 1).is_err()));
    }
}
