//! The arithmetic of a chain: how many volumes, and how many bytes of the book stand in each.

/// Marker block that opens every volume.
pub(super) const MARKER_SIZE: u64 = 7;
/// Archive header that follows the marker.
pub(super) const ARCHIVE_HEADER_SIZE: u64 = 13;
/// File header without the name and without the high halves of the sizes.
pub(super) const FILE_HEADER_SIZE: u64 = 32;
/// The high halves of both sizes, there only in a chain whose book has more than 4 GiB.
pub(super) const HIGH_SIZES_SIZE: u64 = 8;
/// End block of an archive that is one volume.
pub(super) const END_SIZE: u64 = 7;
/// The number of the volume in the end block of a chain.
pub(super) const END_VOLUME_NUMBER_SIZE: u64 = 2;

/// How a book of a known size stands in volumes of a known size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VolumeLayout {
    book_size: u64,
    name_len: u64,
    volume_size: u64,
    /// Bytes of the book in every volume but the last.
    room: u64,
    volumes: u32,
}

/// Why a book does not go into volumes of a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VolumeLayoutError {
    /// The headers alone fill the volume.
    #[error("a volume of {volume_size} bytes has no room beside its {headers} bytes of headers")]
    NoRoom {
        /// Bytes of a volume.
        volume_size: u64,
        /// Bytes that the headers take.
        headers: u64,
    },
    /// More volumes than the names can number.
    #[error(
        "the book has {book_size} bytes; {} volumes of {volume_size} bytes hold at most {limit}",
        VolumeLayout::MOST_VOLUMES
    )]
    TooLarge {
        /// Bytes of the book.
        book_size: u64,
        /// Bytes of a volume.
        volume_size: u64,
        /// The largest book, in bytes, that goes into volumes of this size.
        limit: u64,
    },
}

impl VolumeLayout {
    /// The most volumes of a chain: the old names end with `.r97` and the ZIP of a volume is numbered 01 to 99.
    pub const MOST_VOLUMES: u32 = 99;

    /// The layout of a book of `book_size` bytes, whose name inside the archive has `name_len` bytes, in volumes of
    /// exactly `volume_size` bytes (the last one may be shorter).
    pub fn new(book_size: u64, name_len: usize, volume_size: u64) -> Result<Self, VolumeLayoutError> {
        let name_len = name_len as u64;
        let headers = headers_size(book_size, name_len);
        let no_room = VolumeLayoutError::NoRoom { volume_size, headers: headers + END_VOLUME_NUMBER_SIZE };
        let room = match volume_size.checked_sub(headers + END_VOLUME_NUMBER_SIZE) {
            None | Some(0) => return Err(no_room),
            Some(room) => room,
        };
        // One volume alone needs no number, and so has two bytes more for the book.
        let volumes = if headers.saturating_add(book_size) <= volume_size { 1 } else { book_size.div_ceil(room) };
        match u32::try_from(volumes) {
            Ok(volumes) if volumes <= Self::MOST_VOLUMES => {
                Ok(Self { book_size, name_len, volume_size, room, volumes })
            }
            _ => Err(VolumeLayoutError::TooLarge {
                book_size,
                volume_size,
                limit: room.saturating_mul(u64::from(Self::MOST_VOLUMES)),
            }),
        }
    }

    /// The number of volumes, 1 to 99.
    pub fn volumes(&self) -> u32 {
        self.volumes
    }

    /// Bytes of every volume but the last.
    pub fn volume_size(&self) -> u64 {
        self.volume_size
    }

    /// Bytes of the book.
    pub fn book_size(&self) -> u64 {
        self.book_size
    }

    /// Bytes of the volume, headers and all; `index` counts from 0.
    pub fn size_of(&self, index: u32) -> u64 {
        self.headers_of_each() + self.data_of(index)
    }

    /// Bytes of the book in the volume; `index` counts from 0.
    pub fn data_of(&self, index: u32) -> u64 {
        if index + 1 < self.volumes {
            self.room
        } else {
            self.book_size.saturating_sub(self.room.saturating_mul(u64::from(self.volumes - 1)))
        }
    }

    /// True when the volumes are a chain; one volume alone is no chain and carries no volume flags.
    pub(super) fn is_chain(&self) -> bool {
        self.volumes > 1
    }

    /// True when the sizes need their high halves, in every header of the chain.
    pub(super) fn is_large(&self) -> bool {
        needs_high_sizes(self.book_size)
    }

    fn headers_of_each(&self) -> u64 {
        headers_size(self.book_size, self.name_len) + if self.is_chain() { END_VOLUME_NUMBER_SIZE } else { 0 }
    }
}

/// Bytes of one volume that are not the book's, without the number that a chain's end block has.
fn headers_size(book_size: u64, name_len: u64) -> u64 {
    let high = if needs_high_sizes(book_size) { HIGH_SIZES_SIZE } else { 0 };
    MARKER_SIZE + ARCHIVE_HEADER_SIZE + FILE_HEADER_SIZE + high + name_len + END_SIZE
}

fn needs_high_sizes(book_size: u64) -> bool {
    book_size > u64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENE: [u64; 7] = [5_000_000, 10_000_000, 50_000_000, 100_000_000, 150_000_000, 200_000_000, 250_000_000];

    #[test]
    fn a_book_that_fills_one_volume_to_the_byte_is_one_volume_and_one_byte_more_is_two() {
        let name = 20;
        let full = 5_000_000 - headers_size(0, 20);
        let one = VolumeLayout::new(full, name, 5_000_000).unwrap();
        assert_eq!((one.volumes(), one.size_of(0)), (1, 5_000_000));
        let two = VolumeLayout::new(full + 1, name, 5_000_000).unwrap();
        assert_eq!((two.volumes(), two.size_of(0), two.data_of(1)), (2, 5_000_000, 3));
    }

    #[test]
    fn every_volume_but_the_last_has_exactly_the_size_and_the_parts_make_the_book() {
        for book_size in [0, 1, 138, 139, 140, 141, 142, 1_000, 1_518, 1_519, 13_000] {
            let layout = VolumeLayout::new(book_size, 1, 200).unwrap();
            let last = layout.volumes() - 1;
            assert!((0..last).all(|index| layout.size_of(index) == 200), "{book_size}");
            assert!(layout.size_of(last) <= 200, "{book_size}");
            assert!(book_size == 0 || layout.data_of(last) > 0, "{book_size}");
            let sum: u64 = (0..=last).map(|index| layout.data_of(index)).sum();
            assert_eq!(sum, book_size);
        }
    }

    #[test]
    fn beyond_99_volumes_of_a_size_the_largest_book_that_fits_is_named() {
        let size = |book_size| {
            let fitting = SCENE.iter().map(|&size| VolumeLayout::new(book_size, 30, size));
            let last = VolumeLayout::new(book_size, 30, SCENE[6]);
            fitting.into_iter().find(Result::is_ok).unwrap_or(last).map(|layout| layout.volume_size())
        };
        assert_eq!(size(1), Ok(5_000_000));
        assert_eq!(size(490_000_000), Ok(5_000_000));
        assert_eq!(size(495_000_000), Ok(10_000_000));
        assert_eq!(size(24_700_000_000), Ok(250_000_000));
        let Err(VolumeLayoutError::TooLarge { limit, .. }) = size(24_750_000_000) else { panic!("it does not fit") };
        assert_eq!(size(limit), Ok(250_000_000));
        assert!(size(limit + 1).is_err());
        assert!(size(u64::MAX).is_err());
    }

    #[test]
    fn a_volume_without_room_for_a_byte_of_the_book_is_refused() {
        let headers = headers_size(10, 1) + END_VOLUME_NUMBER_SIZE;
        assert_eq!(VolumeLayout::new(10, 1, headers), Err(VolumeLayoutError::NoRoom { volume_size: headers, headers }));
        assert_eq!(VolumeLayout::new(10, 1, headers + 1).unwrap().volumes(), 10);
    }
}
