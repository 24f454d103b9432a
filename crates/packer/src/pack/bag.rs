//! A bag in one file, written while the book is read.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
    path::Path,
};

use sha2::digest::DynDigest;

use crate::{
    archive::zip_store::{StoredEntry, StoredZip},
    bag::{Algorithm, contents::payload},
    date::ReleaseDate,
    hash::{Crc32, hexadecimal},
    pack::{
        PackError,
        tag_files::{ALGORITHMS, manifest, manifest_name, tag_files, tag_manifest_name},
    },
    plan::Plan,
    profile::Serialization,
    sums::BUFFER_SIZE,
};

/// Writes the bag of a plan. The book is read once; its end is the caller's to check.
pub(super) fn write(
    plan: &Plan,
    serialization: Serialization,
    book: &mut dyn Read,
    path: &Path,
    file: File,
) -> Result<File, PackError> {
    let mut archive = Archive::new(serialization, plan.date, file, path);
    let mut sums = Sums::default();
    let top = plan.name.to_string();
    let mut put = |name: &str, size: u64, source: &mut dyn Read| {
        let mut summed = Summed { source, hashers: ALGORITHMS.map(|algorithm| (algorithm, algorithm.hasher())) };
        archive.put(&format!("{top}/{name}"), size, &mut summed)?;
        Ok::<_, PackError>(summed.hashers.map(|(_, hasher)| hexadecimal(&hasher.finalize())))
    };
    let mut tags = Sums::default();
    for (name, text) in tag_files(plan) {
        tags.add(name, put(name, text.len() as u64, &mut text.as_bytes())?);
    }
    for part in payload(plan) {
        let found = match part.bytes {
            Some(mut bytes) => put(&part.path, part.size, &mut bytes)?,
            None => put(&part.path, part.size, &mut Read::take(&mut *book, part.size))?,
        };
        sums.add(&part.path, found);
    }
    for (index, algorithm) in ALGORITHMS.into_iter().enumerate() {
        let (name, text) = (manifest_name(algorithm), sums.manifest(index));
        tags.add(&name, put(&name, text.len() as u64, &mut text.as_bytes())?);
    }
    for (index, algorithm) in ALGORITHMS.into_iter().enumerate() {
        let text = tags.manifest(index);
        put(&tag_manifest_name(algorithm), text.len() as u64, &mut text.as_bytes())?;
    }
    archive.finish()
}

/// Files with their checksums, in the order of [`ALGORITHMS`].
#[derive(Default)]
struct Sums(Vec<(String, [String; ALGORITHMS.len()])>);

impl Sums {
    fn add(&mut self, path: &str, checksums: [String; ALGORITHMS.len()]) {
        self.0.push((path.to_owned(), checksums));
    }

    fn manifest(&self, algorithm: usize) -> String {
        manifest(self.0.iter().map(|(path, checksums)| (path.as_str(), checksums[algorithm].as_str())))
    }
}

/// A reader that takes the checksums of what passes.
struct Summed<'a> {
    source: &'a mut dyn Read,
    hashers: [(Algorithm, Box<dyn DynDigest>); ALGORITHMS.len()],
}

impl Read for Summed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        for (_, hasher) in &mut self.hashers {
            hasher.update(&buffer[..count]);
        }
        Ok(count)
    }
}

/// The one file that a bag becomes.
enum Archive<'a> {
    Zip { file: File, path: &'a Path, date: ReleaseDate, entries: Vec<StoredEntry> },
    Tar { builder: Box<tar::Builder<BufWriter<File>>>, path: &'a Path, date: ReleaseDate },
}

impl<'a> Archive<'a> {
    fn new(serialization: Serialization, date: ReleaseDate, file: File, path: &'a Path) -> Self {
        match serialization {
            Serialization::Zip => Self::Zip { file, path, date, entries: Vec::new() },
            Serialization::Tar => {
                let builder = Box::new(tar::Builder::new(BufWriter::with_capacity(BUFFER_SIZE, file)));
                Self::Tar { builder, path, date }
            }
        }
    }

    /// Adds a file of so many bytes.
    fn put(&mut self, name: &str, size: u64, source: &mut dyn Read) -> Result<(), PackError> {
        match self {
            Self::Zip { file, path, date, entries } => {
                let written = PackError::write;
                entries.push(StoredEntry { name: name.to_owned(), size, crc32: Crc32(0) });
                let index = entries.len() - 1;
                // The checksum stands before the bytes, and is known behind them: it is written twice.
                let header = StoredZip::new(*date, entries.clone())?.header(index);
                let start = file.stream_position().map_err(written(path))?;
                file.write_all(&header).map_err(written(path))?;
                let mut hasher = crc32fast::Hasher::new();
                let found = copy(source, path, &mut |bytes| {
                    hasher.update(bytes);
                    file.write_all(bytes)
                })?;
                expect(size, found)?;
                entries[index].crc32 = Crc32(hasher.finalize());
                let header = StoredZip::new(*date, entries.clone())?.header(index);
                let end = file.stream_position().map_err(written(path))?;
                let rewritten = file
                    .seek(SeekFrom::Start(start))
                    .and_then(|_| file.write_all(&header))
                    .and_then(|()| file.seek(SeekFrom::Start(end)));
                rewritten.map(drop).map_err(written(path))
            }
            Self::Tar { builder, path, date } => {
                let mut header = tar::Header::new_ustar();
                header.set_size(size);
                header.set_mode(0o644);
                header.set_mtime(date.unix_seconds());
                header.set_entry_type(tar::EntryType::Regular);
                let mut counted = Counted { source, count: 0, fault: None };
                let appended = builder.append_data(&mut header, name, &mut counted);
                if let Some(error) = counted.fault {
                    return Err(PackError::reading(error));
                }
                appended.map_err(PackError::write(path))?;
                expect(size, counted.count)
            }
        }
    }

    /// Writes what stands at the end, and brings it to the disk.
    fn finish(self) -> Result<File, PackError> {
        let (file, path) = match self {
            Self::Zip { mut file, path, date, entries } => {
                file.write_all(&StoredZip::new(date, entries)?.directory()).map_err(PackError::write(path))?;
                (file, path)
            }
            Self::Tar { builder, path, .. } => {
                let file = builder
                    .into_inner()
                    .and_then(|writer| writer.into_inner().map_err(io::IntoInnerError::into_error))
                    .map_err(PackError::write(path))?;
                (file, path)
            }
        };
        file.sync_all().map_err(PackError::write(path))?;
        Ok(file)
    }
}

/// The book ended before its size: every other part is in memory.
fn expect(size: u64, found: u64) -> Result<(), PackError> {
    if size == found { Ok(()) } else { Err(PackError::BookSize { expected: size, found, more: false }) }
}

fn copy(source: &mut dyn Read, path: &Path, put: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<u64, PackError> {
    let (mut buffer, mut total) = (vec![0; BUFFER_SIZE], 0);
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(count) => {
                put(&buffer[..count]).map_err(PackError::write(path))?;
                total += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(PackError::reading(error)),
        }
    }
}

/// Counts, and keeps the source's own error apart from those of writing.
struct Counted<'a> {
    source: &'a mut dyn Read,
    count: u64,
    fault: Option<io::Error>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.source.read(buffer) {
            Ok(count) => {
                self.count += count as u64;
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.fault = Some(error);
                Err(io::Error::other("the source failed"))
            }
        }
    }
}
