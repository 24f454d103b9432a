//! The book in its volumes: put together again without writing it anywhere.

use std::{
    cell::RefCell,
    io::{self, Read, SeekFrom},
};

use rawzip::{RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipLocator};

use crate::{
    archive::{
        rar::{VolumeLayout, VolumeReadError, read_end, read_head, volume_name},
        volume_zip::zip_name,
    },
    inspect::Source,
    manifest::{ManifestBook, ManifestRead, ManifestVolumes},
    sums::{BUFFER_SIZE, Digester},
    verify::{Files, OpenError, VerifyError},
};

/// Why the volumes do not give the book of the manifest.
#[derive(Debug, thiserror::Error)]
pub enum VolumesError {
    /// The manifest counts no volumes, or more than there can be.
    #[error("the manifest counts {0} volumes; there are 1 to {most}", most = VolumeLayout::MOST_VOLUMES)]
    Count(u32),
    /// A ZIP is missing or cannot be opened.
    #[error("`{zip}` cannot be opened: {reason}")]
    Open {
        /// The ZIP.
        zip: String,
        /// Why.
        reason: OpenError,
    },
    /// A ZIP does not hold its volume as it is.
    #[error("`{zip}` does not hold `{volume}` uncompressed")]
    Zip {
        /// The ZIP.
        zip: String,
        /// The volume.
        volume: String,
    },
    /// A volume cannot be read.
    #[error("`{volume}`: {reason}")]
    Volume {
        /// The volume.
        volume: String,
        /// Why.
        reason: VolumeReadError,
    },
    /// A volume holds another file, another part of it, or bytes with another checksum.
    #[error("`{volume}` does not hold the right part of the book")]
    Part {
        /// The volume.
        volume: String,
    },
    /// The parts make a book that is not the one of the manifest.
    #[error("the volumes hold another book than the manifest says")]
    Book,
}

/// Told how many bytes were read; fails when the work shall stop.
type Advance<'a> = &'a mut dyn FnMut(usize) -> Result<(), VerifyError>;

/// Reads the book from its volumes. Nothing when the manifest knows no volumes.
pub(super) fn verify(
    manifest: &ManifestRead,
    files: &dyn Files,
    advance: Advance<'_>,
) -> Result<Option<Result<(), VolumesError>>, VerifyError> {
    let Some(volumes) = &manifest.volumes else { return Ok(None) };
    match read_volumes(volumes, &manifest.book, files, advance) {
        Ok(()) => Ok(Some(Ok(()))),
        Err(Failure::Volumes(error)) => Ok(Some(Err(error))),
        Err(Failure::Stopped(error)) => Err(error),
    }
}

enum Failure {
    Volumes(VolumesError),
    Stopped(VerifyError),
}

impl From<VolumesError> for Failure {
    fn from(error: VolumesError) -> Self {
        Self::Volumes(error)
    }
}

fn read_volumes(
    volumes: &ManifestVolumes,
    book: &ManifestBook,
    files: &dyn Files,
    advance: Advance<'_>,
) -> Result<(), Failure> {
    if !(1..=VolumeLayout::MOST_VOLUMES).contains(&volumes.count) {
        return Err(VolumesError::Count(volumes.count).into());
    }
    let mut whole = Digester::default();
    for index in 0..volumes.count {
        let zip = zip_name(volumes.id.as_str(), index);
        let volume = volume_name(volumes.id.as_str(), index);
        let mut source = files.open(&zip).map_err(|reason| VolumesError::Open { zip: zip.clone(), reason })?;
        let size =
            open_volume(source.as_mut(), &volume).ok_or_else(|| VolumesError::Zip { zip, volume: volume.clone() })?;
        let place = Place { volume: &volume, is_first: index == 0, is_last: index + 1 == volumes.count };
        read_volume(&mut source.take(size), &place, book, &mut whole, advance)?;
    }
    if whole.finish() == book.digest { Ok(()) } else { Err(VolumesError::Book.into()) }
}

/// Where a volume stands in its chain.
struct Place<'a> {
    volume: &'a str,
    is_first: bool,
    is_last: bool,
}

fn read_volume(
    volume: &mut dyn Read,
    place: &Place<'_>,
    book: &ManifestBook,
    whole: &mut Digester,
    advance: Advance<'_>,
) -> Result<(), Failure> {
    let unreadable = |reason| VolumesError::Volume { volume: place.volume.to_owned(), reason };
    let wrong = || VolumesError::Part { volume: place.volume.to_owned() };
    let head = read_head(volume).map_err(unreadable)?;
    let is_right = head.name == book.file_name
        && head.file_size == book.digest.size
        && head.continues_from_before != place.is_first
        && head.continues_behind != place.is_last;
    if !is_right {
        return Err(wrong().into());
    }
    let mut part = crc32fast::Hasher::new();
    let mut left = head.part_size;
    let mut buffer = vec![0; BUFFER_SIZE];
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(BUFFER_SIZE);
        let count = match volume.read(&mut buffer[..most]) {
            Ok(0) => return Err(unreadable(io::Error::from(io::ErrorKind::UnexpectedEof).into()).into()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(error.into()).into()),
        };
        part.update(&buffer[..count]);
        whole.update(&buffer[..count]);
        left -= count as u64;
        advance(count).map_err(Failure::Stopped)?;
    }
    let found = if place.is_last { whole.crc32().0 } else { part.finalize() };
    let next_follows = read_end(volume, head.part_size).map_err(unreadable)?;
    if found == head.crc32.0 && next_follows != place.is_last { Ok(()) } else { Err(wrong().into()) }
}

/// Moves to the first byte of a volume inside its ZIP, and gives its size. Nothing when the ZIP does not hold it, or
/// not as it is.
fn open_volume(source: &mut dyn Source, volume: &str) -> Option<u64> {
    let size = source.seek(SeekFrom::End(0)).ok()?;
    let (start, end) = {
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let archive =
            ZipLocator::new().locate_in_reader(ByOffset(RefCell::new(&mut *source)), &mut buffer, size).ok()?;
        let mut records = archive.entries(&mut buffer);
        let mut found = None;
        while let Some(record) = records.next_entry().ok()? {
            if record.file_path().as_bytes() == volume.as_bytes() {
                let is_stored = record.compression_method().as_u16() == 0
                    && record.compressed_size_hint() == record.uncompressed_size_hint();
                found = is_stored.then(|| record.wayfinder());
                break;
            }
        }
        archive.get_entry(found?).ok()?.compressed_data_range()
    };
    if start > end || end > size {
        return None;
    }
    source.seek(SeekFrom::Start(start)).ok()?;
    Some(end - start)
}

/// Reads at an offset, as the reader of directories wants it.
struct ByOffset<'a>(RefCell<&'a mut dyn Source>);

impl ReaderAt for ByOffset<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut source = self.0.borrow_mut();
        source.seek(SeekFrom::Start(offset))?;
        source.read(buffer)
    }
}
