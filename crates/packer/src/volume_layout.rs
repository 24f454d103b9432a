//! The arithmetic of the volumes of a book: how many there are, and how long each is.

/// Bytes of a volume that are not the book's, besides the book's name: marker 7, archive header 13, file header 32,
/// end block 7, after RARLAB's technical note on RAR 4.
const HEADERS: u64 = 7 + 13 + 32 + 7;
/// The number of the volume in the end block, where there are several.
const VOLUME_NUMBER: u64 = 2;
/// The high halves of the sizes, where the book has more than 4 GiB.
const HIGH_SIZES: u64 = 8;

/// How a book stands in volumes of a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VolumeLayout {
    book_size: u64,
    headers: u64,
    room: u64,
    volumes: u32,
}

/// The book needs more volumes than can be numbered, or the volumes have no room beside their headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("volumes of this size hold at most {limit} bytes")]
pub struct VolumeLayoutError {
    /// The largest book that goes into volumes of this size, in bytes.
    pub limit: u64,
}

impl VolumeLayout {
    /// The most volumes: a ZIP of a volume is numbered 01 to 99.
    pub const MOST_VOLUMES: u32 = 99;

    /// The layout of a book, whose name inside the archive has `name_len` bytes, in volumes of `volume_size` bytes.
    pub fn new(book_size: u64, name_len: usize, volume_size: u64) -> Result<Self, VolumeLayoutError> {
        let high = if book_size > u64::from(u32::MAX) { HIGH_SIZES } else { 0 };
        let headers = HEADERS + high + name_len as u64;
        let room = volume_size.saturating_sub(headers + VOLUME_NUMBER);
        if room == 0 {
            return Err(VolumeLayoutError { limit: 0 });
        }
        if headers.saturating_add(book_size) <= volume_size {
            return Ok(Self { book_size, headers, room, volumes: 1 });
        }
        match u32::try_from(book_size.div_ceil(room)) {
            Ok(volumes) if volumes <= Self::MOST_VOLUMES => {
                Ok(Self { book_size, headers: headers + VOLUME_NUMBER, room, volumes })
            }
            _ => Err(VolumeLayoutError { limit: room.saturating_mul(u64::from(Self::MOST_VOLUMES)) }),
        }
    }

    /// The number of volumes.
    pub fn volumes(&self) -> u32 {
        self.volumes
    }

    /// Bytes of the volume, headers and all; `index` counts from 0.
    pub fn size_of(&self, index: u32) -> u64 {
        self.headers + self.data_of(index)
    }

    /// Bytes of the book in the volume; `index` counts from 0.
    pub fn data_of(&self, index: u32) -> u64 {
        if index + 1 < self.volumes {
            self.room
        } else {
            self.book_size.saturating_sub(self.room.saturating_mul(u64::from(self.volumes - 1)))
        }
    }
}
