//! Seeking, for readers that are no files.

use std::io::{self, ErrorKind, SeekFrom};

/// The place to which a seek leads in what has `size` bytes, and whose reader stands at `at`. It may lie behind the end.
pub fn sought(to: SeekFrom, at: u64, size: u64) -> io::Result<u64> {
    let place = match to {
        SeekFrom::Start(place) => Some(place),
        SeekFrom::End(by) => size.checked_add_signed(by),
        SeekFrom::Current(by) => at.checked_add_signed(by),
    };
    place.ok_or_else(|| ErrorKind::InvalidInput.into())
}
