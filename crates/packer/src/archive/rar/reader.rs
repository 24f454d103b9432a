//! Reads a volume as it is written here: one stored file, or one part of it.

use std::io::{self, Read};

use crate::hash::Crc32;

use super::volume::{
    ARCHIVE_HEADER, BLOCK_HAS_DATA, END, END_NEXT_VOLUME_FOLLOWS, FILE_CONTINUES_BEHIND, FILE_CONTINUES_FROM_BEFORE,
    FILE_HAS_HIGH_SIZES, FILE_HEADER, MARKER, METHOD_STORE,
};

/// The flag of an encrypted file.
const FILE_IS_ENCRYPTED: u16 = 0x0004;

/// What stands before the data of a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeHead {
    /// The name of the file inside.
    pub name: String,
    /// Bytes of the whole file.
    pub file_size: u64,
    /// Bytes of it in this volume, which follow now.
    pub part_size: u64,
    /// The CRC-32 of the part, or of the whole file when it ends here.
    pub crc32: Crc32,
    /// True when the file begins in an earlier volume.
    pub continues_from_before: bool,
    /// True when the file ends in a later volume.
    pub continues_behind: bool,
}

/// Why a volume cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum VolumeReadError {
    /// It does not begin as a RAR 4 archive.
    #[error("it is not a RAR 4 archive")]
    Marker,
    /// A header does not have its own checksum.
    #[error("the header at byte {0} is damaged")]
    Header(u64),
    /// It has what is never written here: encryption, compression, other files.
    #[error("it is not one stored file")]
    Unexpected,
    /// It ends too early, or the source failed.
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
}

struct Block {
    kind: u8,
    flags: u16,
    body: Vec<u8>,
}

/// Reads up to the first byte of the data.
pub fn read_head(volume: &mut dyn Read) -> Result<VolumeHead, VolumeReadError> {
    let mut marker = [0; MARKER.len()];
    volume.read_exact(&mut marker)?;
    if marker != MARKER {
        return Err(VolumeReadError::Marker);
    }
    let mut offset = MARKER.len() as u64;
    let archive = read_block(volume, offset)?;
    if archive.kind != ARCHIVE_HEADER {
        return Err(VolumeReadError::Unexpected);
    }
    offset += 7 + archive.body.len() as u64;
    let file = read_block(volume, offset)?;
    let is_stored = file.kind == FILE_HEADER
        && file.flags & BLOCK_HAS_DATA != 0
        && file.flags & FILE_IS_ENCRYPTED == 0
        && file.body.get(18) == Some(&METHOD_STORE);
    if !is_stored {
        return Err(VolumeReadError::Unexpected);
    }
    file_head(&file).ok_or(VolumeReadError::Header(offset))
}

/// Reads the end block behind the data: true when another volume follows. `offset` is where it stands.
pub fn read_end(volume: &mut dyn Read, offset: u64) -> Result<bool, VolumeReadError> {
    let end = read_block(volume, offset)?;
    if end.kind == END { Ok(end.flags & END_NEXT_VOLUME_FOLLOWS != 0) } else { Err(VolumeReadError::Unexpected) }
}

fn read_block(volume: &mut dyn Read, offset: u64) -> Result<Block, VolumeReadError> {
    let mut head = [0; 7];
    volume.read_exact(&mut head)?;
    let [crc_low, crc_high, kind, flags_low, flags_high, size_low, size_high] = head;
    let size = usize::from(u16::from_le_bytes([size_low, size_high]));
    // At most 64 KiB, whatever the header says.
    let mut body = vec![0; size.checked_sub(head.len()).ok_or(VolumeReadError::Header(offset))?];
    volume.read_exact(&mut body)?;
    let mut crc = crc32fast::Hasher::new();
    crc.update(&head[2..]);
    crc.update(&body);
    if crc.finalize().to_le_bytes()[..2] != [crc_low, crc_high] {
        return Err(VolumeReadError::Header(offset));
    }
    Ok(Block { kind, flags: u16::from_le_bytes([flags_low, flags_high]), body })
}

fn file_head(block: &Block) -> Option<VolumeHead> {
    let body = &block.body;
    let word = |at: usize| Some(u32::from_le_bytes(body.get(at..at + 4)?.try_into().ok()?));
    let name_len = usize::from(u16::from_le_bytes(body.get(19..21)?.try_into().ok()?));
    let is_large = block.flags & FILE_HAS_HIGH_SIZES != 0;
    let (high_part, high_file, name_at) = if is_large { (word(25)?, word(29)?, 33) } else { (0, 0, 25) };
    let name = String::from_utf8(body.get(name_at..name_at + name_len)?.to_vec()).ok()?;
    Some(VolumeHead {
        name,
        file_size: u64::from(high_file) << 32 | u64::from(word(4)?),
        part_size: u64::from(high_part) << 32 | u64::from(word(0)?),
        crc32: Crc32(word(9)?),
        continues_from_before: block.flags & FILE_CONTINUES_FROM_BEFORE != 0,
        continues_behind: block.flags & FILE_CONTINUES_BEHIND != 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::rar::{Volume, VolumeLayout};

    fn bytes(index: u32) -> Vec<u8> {
        let layout = VolumeLayout::new(5_000, 8, 1_000).unwrap();
        let date = "2026-11-22".parse().unwrap();
        let volume = Volume { layout: &layout, index, book_name: "a-G.epub", date };
        let mut bytes = volume.opening(Crc32(0x1234_5678));
        bytes.extend(volume.closing());
        bytes
    }

    #[test]
    fn what_is_written_is_read_again() {
        let bytes = bytes(2);
        let mut rest = bytes.as_slice();
        let head = read_head(&mut rest).unwrap();
        assert_eq!((head.name.as_str(), head.file_size, head.crc32), ("a-G.epub", 5_000, Crc32(0x1234_5678)));
        assert!(head.continues_from_before && head.continues_behind);
        assert!(read_end(&mut rest, 0).unwrap());
    }

    #[test]
    fn high_sizes_are_read_again() {
        let layout = VolumeLayout::new(5 << 30, 8, 250_000_000).unwrap();
        let date = "2026-11-22".parse().unwrap();
        let opening = Volume { layout: &layout, index: 0, book_name: "a-G.epub", date }.opening(Crc32(1));
        let head = read_head(&mut opening.as_slice()).unwrap();
        assert_eq!((head.file_size, head.part_size), (5 << 30, layout.data_of(0)));
        assert_eq!((head.name.as_str(), head.crc32), ("a-G.epub", Crc32(1)));
    }

    #[test]
    fn no_damage_of_one_byte_and_no_cut_passes_or_panics() {
        let whole = bytes(0);
        let head = read_head(&mut whole.as_slice()).unwrap();
        let opening = whole.len() - 9;
        for at in 0..opening {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            assert_ne!(read_head(&mut damaged.as_slice()).ok(), Some(head.clone()), "byte {at}");
            assert!(read_head(&mut &whole[..at]).is_err(), "cut at {at}");
        }
    }
}
