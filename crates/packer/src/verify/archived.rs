//! Files inside a ZIP or a tar: a package that was downloaded whole, or a bag in one file. Nothing is unpacked to disk.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fs::File,
    io::{self, Cursor, Read, Seek, SeekFrom},
    path::Path,
};

use super::{
    Files, OpenError, VerifyError, VerifyLimits,
    unpacked::{Packed, Unpacked},
};
use crate::{
    container::Container,
    inspect::Source,
    limits::Limits,
    seeking::sought,
    watch::Watch,
    zip::{DEFLATED, STORED, Zip, ZipError},
};

/// What a tar is measured in.
const TAR_BLOCK: u64 = 512;

/// Where the content of a file stands in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// As it is.
    Stored { start: u64, size: u64 },
    /// Deflated.
    Packed(Packed),
    /// A link, something encrypted, or a name that is there twice: it is not read.
    Refused,
}

/// An archive on disk, in memory or dropped on a page: it is opened once for each file in it that is read.
pub trait Archive {
    /// Opens it at its beginning.
    fn open(&self) -> io::Result<Box<dyn Source + '_>>;
}

impl Archive for &Path {
    fn open(&self) -> io::Result<Box<dyn Source + '_>> {
        Ok(Box::new(File::open(self)?))
    }
}

impl Archive for &[u8] {
    fn open(&self) -> io::Result<Box<dyn Source + '_>> {
        Ok(Box::new(Cursor::new(*self)))
    }
}

/// The files of an archive. Where all of them stand in one directory, paths begin below it.
pub struct ArchivedFiles<'a> {
    archive: &'a dyn Archive,
    places: BTreeMap<String, Place>,
}

impl std::fmt::Debug for ArchivedFiles<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ArchivedFiles").field("places", &self.places).finish_non_exhaustive()
    }
}

impl<'a> ArchivedFiles<'a> {
    /// Reads the directory of an archive; nothing when it is neither a ZIP nor a tar.
    pub fn open(
        archive: &'a dyn Archive,
        limits: &VerifyLimits,
        watch: &dyn Watch,
    ) -> Result<Option<Self>, VerifyError> {
        let mut file = archive.open()?;
        let mut head = Vec::new();
        Read::take(&mut file, 262).read_to_end(&mut head)?;
        let places = if head.starts_with(b"PK\x03\x04") {
            of_zip(file.as_mut(), limits, watch)?
        } else if head.get(257..262) == Some(b"ustar") {
            file.rewind()?;
            of_tar(file, limits)?
        } else {
            return Ok(None);
        };
        let sizes = places.values().map(|place| match place {
            Place::Stored { size, .. } | Place::Packed(Packed { size, .. }) => *size,
            Place::Refused => 0,
        });
        if sizes.fold(0, u64::saturating_add) > limits.unpacked_bytes {
            return Err(VerifyError::TooLarge(limits.unpacked_bytes));
        }
        Ok(Some(Self { archive, places: below_the_top(places) }))
    }

    fn at(&self, start: u64) -> io::Result<Box<dyn Source + 'a>> {
        let mut file = self.archive.open()?;
        file.seek(SeekFrom::Start(start))?;
        Ok(file)
    }

    fn place(&self, path: &str) -> Result<Place, OpenError> {
        self.places.get(path).copied().ok_or(OpenError::Missing)
    }
}

impl Files for ArchivedFiles<'_> {
    fn list(&self, _limits: &VerifyLimits) -> Result<Vec<String>, VerifyError> {
        Ok(self.places.keys().cloned().collect())
    }

    fn size(&self, path: &str) -> Option<u64> {
        match self.place(path).ok()? {
            Place::Stored { size, .. } | Place::Packed(Packed { size, .. }) => Some(size),
            Place::Refused => None,
        }
    }

    fn open(&self, path: &str) -> Result<Box<dyn Source + '_>, OpenError> {
        match self.place(path)? {
            Place::Stored { start, size } => Ok(Box::new(Section { file: self.at(start)?, start, size, at: 0 })),
            Place::Packed(place) => Ok(Unpacked::open(self.archive, place)?),
            Place::Refused => Err(OpenError::Refused),
        }
    }

    fn read(&self, path: &str) -> Result<Box<dyn Read + '_>, OpenError> {
        match self.place(path)? {
            Place::Stored { start, size } => Ok(Box::new(self.at(start)?.take(size))),
            // One byte more than the directory says is enough to see that it lies.
            Place::Packed(place) => Ok(Box::new(place.read(self.archive)?.take(place.size.saturating_add(1)))),
            Place::Refused => Err(OpenError::Refused),
        }
    }
}

type Places = BTreeMap<String, Place>;

/// A name that is there twice is read by each reader in its own way: it is refused.
fn add(places: &mut Places, path: &str, place: Place, limits: &VerifyLimits) -> Result<(), VerifyError> {
    let path = path.strip_prefix("./").unwrap_or(path).to_owned();
    places.entry(path).and_modify(|known| *known = Place::Refused).or_insert(place);
    if places.len() > limits.files { Err(VerifyError::TooManyFiles(limits.files)) } else { Ok(()) }
}

fn of_zip(file: &mut dyn Source, limits: &VerifyLimits, watch: &dyn Watch) -> Result<Places, VerifyError> {
    let bounds = Limits { entries: limits.files as u64, ..Limits::default() };
    let zip = Zip::open(file, &bounds, watch).map_err(|error| match error {
        ZipError::Io(error) => VerifyError::Io(error),
        ZipError::Cancelled => VerifyError::Cancelled,
        ZipError::Entries(_) => VerifyError::TooManyFiles(limits.files),
        ZipError::Damaged | ZipError::Directory(_) => VerifyError::Archive,
    })?;
    let mut places = Places::new();
    for (index, entry) in zip.entries().iter().enumerate().filter(|(_, entry)| !entry.is_directory) {
        let header = entry.header.as_ref().filter(|header| !entry.is_link && !header.is_encrypted);
        let place = match (header, zip.content(index)) {
            (Some(header), Some((start, end))) if header.method == STORED => Place::Stored { start, size: end - start },
            (Some(header), Some((start, end))) if header.method == DEFLATED => {
                Place::Packed(Packed { start, length: end - start, size: entry.size })
            }
            _ => Place::Refused,
        };
        add(&mut places, &entry.path, place, limits)?;
    }
    Ok(places)
}

fn of_tar(file: Box<dyn Source + '_>, limits: &VerifyLimits) -> Result<Places, VerifyError> {
    let mut places = Places::new();
    let mut end = 0;
    let is_too_much = Cell::new(false);
    let unreadable =
        |_| if is_too_much.get() { VerifyError::Headers(limits.header_bytes) } else { VerifyError::Archive };
    let mut archive = tar::Archive::new(Headers { file, left: limits.header_bytes, is_too_much: &is_too_much });
    for entry in archive.entries_with_seek().map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        end = entry.raw_file_position().saturating_add(entry.size().next_multiple_of(TAR_BLOCK));
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let place = if kind.is_file() || kind.is_contiguous() {
            Place::Stored { start: entry.raw_file_position(), size: entry.size() }
        } else {
            Place::Refused
        };
        add(&mut places, &path, place, limits)?;
    }
    // Behind the last file stands a block of zeros: without it the archive was cut, and files may be missing.
    let mut file = archive.into_inner().file;
    let mut mark = Vec::new();
    file.seek(SeekFrom::Start(end))?;
    Read::take(&mut file, TAR_BLOCK).read_to_end(&mut mark)?;
    let is_whole = mark.len() as u64 == TAR_BLOCK && mark.iter().all(|byte| *byte == 0);
    if is_whole { Ok(places) } else { Err(VerifyError::Archive) }
}

/// A tar of which only headers are read, and no more than may be: names in headers of their own are as long as they like.
struct Headers<'a> {
    file: Box<dyn Source + 'a>,
    left: u64,
    is_too_much: &'a Cell<bool>,
}

impl Read for Headers<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.is_too_much.set(count as u64 > self.left);
        self.left = self.left.saturating_sub(count as u64);
        if self.is_too_much.get() { Err(io::ErrorKind::InvalidData.into()) } else { Ok(count) }
    }
}

impl Seek for Headers<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Takes away the one directory that holds everything, where there is one.
fn below_the_top(places: Places) -> Places {
    let top = |path: &str| path.split_once('/').map(|(top, _)| top.to_owned());
    let Some(first) = places.keys().next().and_then(|path| top(path)) else { return places };
    if !places.keys().all(|path| top(path).as_ref() == Some(&first)) {
        return places;
    }
    places.into_iter().map(|(path, place)| (path[first.len() + 1..].to_owned(), place)).collect()
}

/// A part of a file, as a file of its own.
struct Section<'a> {
    file: Box<dyn Source + 'a>,
    start: u64,
    size: u64,
    at: u64,
}

impl Read for Section<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.size.saturating_sub(self.at);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let count = self.file.read(&mut buffer[..most])?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Section<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = sought(to, self.at, self.size)?;
        self.file.seek(SeekFrom::Start(self.start.saturating_add(self.at)))?;
        Ok(self.at)
    }
}
