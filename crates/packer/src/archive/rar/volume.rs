//! The bytes of one volume around its part of the book.
//!
//! Blocks, flags and field order are those of RARLAB's technical note on RAR 3.x/4.x. What would tell of the machine
//! (owner, rights, precise times, comments) is left out or constant.

use crate::{archive::rar::layout::VolumeLayout, date::ReleaseDate, hash::Crc32};

pub(super) const MARKER: [u8; 7] = [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07, 0x00];

pub(super) const ARCHIVE_HEADER: u8 = 0x73;
pub(super) const FILE_HEADER: u8 = 0x74;
pub(super) const END: u8 = 0x7B;

const ARCHIVE_IS_VOLUME: u16 = 0x0001;
const ARCHIVE_IS_FIRST_VOLUME: u16 = 0x0100;

pub(super) const FILE_CONTINUES_FROM_BEFORE: u16 = 0x0001;
pub(super) const FILE_CONTINUES_BEHIND: u16 = 0x0002;
pub(super) const FILE_HAS_HIGH_SIZES: u16 = 0x0100;
/// The block is followed by as many bytes as its packed size says.
pub(super) const BLOCK_HAS_DATA: u16 = 0x8000;

pub(super) const END_NEXT_VOLUME_FOLLOWS: u16 = 0x0001;
const END_HAS_VOLUME_NUMBER: u16 = 0x0008;
/// A reader that does not know the block may pass over it.
const BLOCK_MAY_BE_SKIPPED: u16 = 0x4000;

/// Unix, so that a reader takes the attributes below as they are.
const HOST_SYSTEM: u8 = 3;
/// A regular file that everybody may read: the same on every machine.
const ATTRIBUTES: u32 = 0o100_644;
/// Version 2.0 suffices to read stored files.
const VERSION_TO_UNPACK: u8 = 20;
pub(super) const METHOD_STORE: u8 = 0x30;

/// One volume of a chain.
#[derive(Debug, Clone, Copy)]
pub struct Volume<'a> {
    /// How the book is cut.
    pub layout: &'a VolumeLayout,
    /// Which volume, from 0.
    pub index: u32,
    /// The name of the book inside the archive, ASCII, as long as the layout was told.
    pub book_name: &'a str,
    /// The time stamp of the book: midnight of this day.
    pub date: ReleaseDate,
}

impl Volume<'_> {
    /// Everything before the volume's part of the book. `crc` is that of the part, or of the whole book in the last
    /// volume; the length does not depend on it.
    pub fn opening(&self, crc: Crc32) -> Vec<u8> {
        let mut bytes = MARKER.to_vec();
        bytes.extend(self.archive_header());
        bytes.extend(self.file_header(crc));
        bytes
    }

    /// Everything behind the volume's part of the book.
    pub fn closing(&self) -> Vec<u8> {
        if !self.layout.is_chain() {
            return block(END, BLOCK_MAY_BE_SKIPPED, &[]);
        }
        let mut flags = BLOCK_MAY_BE_SKIPPED | END_HAS_VOLUME_NUMBER;
        if !self.is_last() {
            flags |= END_NEXT_VOLUME_FOLLOWS;
        }
        let number = u16::try_from(self.index).unwrap_or(u16::MAX);
        block(END, flags, &number.to_le_bytes())
    }

    /// True for the volume that holds the end of the book, and with it the CRC of the whole.
    pub fn is_last(&self) -> bool {
        self.index + 1 == self.layout.volumes()
    }

    fn archive_header(&self) -> Vec<u8> {
        let mut flags = 0;
        if self.layout.is_chain() {
            flags |= ARCHIVE_IS_VOLUME;
            if self.index == 0 {
                flags |= ARCHIVE_IS_FIRST_VOLUME;
            }
        }
        block(ARCHIVE_HEADER, flags, &[0; 6])
    }

    fn file_header(&self, crc: Crc32) -> Vec<u8> {
        let mut flags = BLOCK_HAS_DATA;
        if self.index > 0 {
            flags |= FILE_CONTINUES_FROM_BEFORE;
        }
        if !self.is_last() {
            flags |= FILE_CONTINUES_BEHIND;
        }
        if self.layout.is_large() {
            flags |= FILE_HAS_HIGH_SIZES;
        }
        // Each size stands as its low four bytes here and its high four bytes further down.
        let packed = self.layout.data_of(self.index).to_le_bytes();
        let book = self.layout.book_size().to_le_bytes();
        let name_len = u16::try_from(self.book_name.len()).unwrap_or(u16::MAX);

        let mut body = Vec::with_capacity(40 + self.book_name.len());
        body.extend(&packed[..4]);
        body.extend(&book[..4]);
        body.push(HOST_SYSTEM);
        body.extend(crc.0.to_le_bytes());
        // The low half is the time of the day: midnight.
        body.extend((u32::from(self.date.dos()) << 16).to_le_bytes());
        body.push(VERSION_TO_UNPACK);
        body.push(METHOD_STORE);
        body.extend(name_len.to_le_bytes());
        body.extend(ATTRIBUTES.to_le_bytes());
        if self.layout.is_large() {
            body.extend(&packed[4..]);
            body.extend(&book[4..]);
        }
        body.extend(self.book_name.as_bytes());
        block(FILE_HEADER, flags, &body)
    }
}

/// A block: the low half of the CRC-32 of what follows it, type, flags, size, body.
fn block(kind: u8, flags: u16, body: &[u8]) -> Vec<u8> {
    const HEAD: usize = 7;
    let size = u16::try_from(HEAD + body.len()).unwrap_or(u16::MAX);
    let mut bytes = vec![0, 0, kind];
    bytes.extend(flags.to_le_bytes());
    bytes.extend(size.to_le_bytes());
    bytes.extend(body);
    let [low, high, ..] = crc32fast::hash(&bytes[2..]).to_le_bytes();
    bytes[0] = low;
    bytes[1] = high;
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(book_size: u64, volume_size: u64, index: u32) -> (u64, u64) {
        let layout = VolumeLayout::new(book_size, 8, volume_size).unwrap();
        let date = "2026-11-22".parse().unwrap();
        let volume = Volume { layout: &layout, index, book_name: "a-G.epub", date };
        let around = (volume.opening(Crc32(0)).len() + volume.closing().len()) as u64;
        (around + layout.data_of(index), layout.size_of(index))
    }

    #[test]
    fn the_bytes_written_are_those_that_the_layout_counts() {
        for (book_size, volume_size, index) in [
            (100, 1_000, 0),
            (5_000, 1_000, 0),
            (5_000, 1_000, 5),
            (5 << 30, 250_000_000, 0),
            (5 << 30, 250_000_000, 21),
        ] {
            let (written, counted) = lengths(book_size, volume_size, index);
            assert_eq!(written, counted, "{book_size} in {volume_size}, volume {index}");
        }
    }

    #[test]
    fn one_volume_alone_carries_no_volume_flag() {
        let layout = VolumeLayout::new(3, 8, 1_000).unwrap();
        let date = "2026-11-22".parse().unwrap();
        let volume = Volume { layout: &layout, index: 0, book_name: "a-G.epub", date };
        let opening = volume.opening(Crc32(0x352_441c2));
        assert_eq!(opening[7 + 3..7 + 5], [0, 0], "archive flags");
        assert_eq!(opening[20 + 3..20 + 5], [0x00, 0x80], "file flags");
        assert_eq!(volume.closing(), [0xC4, 0x3D, 0x7B, 0x00, 0x40, 0x07, 0x00], "the known end block of RAR 3");
    }
}
