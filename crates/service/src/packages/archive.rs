//! A whole package as one stored ZIP: arithmetic and headers, with the files' own bytes between them.

use std::{collections::VecDeque, io, ops::Range};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use packer::{
    archive::zip_store::{StoredEntry, StoredZip},
    date::ReleaseDate,
    hash::Sha256,
};
use store::packages::PackageFile;

use crate::{
    blobs::{Blobs, ByteStream},
    failure::Failure,
};

/// A stretch of the archive.
#[derive(Debug)]
struct Stretch {
    start: u64,
    length: u64,
    bytes: Source,
}

#[derive(Debug)]
enum Source {
    Header(Bytes),
    File(Sha256),
}

/// An archive that can be read from anywhere.
#[derive(Debug)]
pub(super) struct Archive {
    stretches: VecDeque<Stretch>,
    pub(super) size: u64,
}

impl Archive {
    /// The files of a package in a directory of the package's name, all of the release's day.
    pub(super) fn new(name: &str, date: ReleaseDate, files: &[PackageFile]) -> Result<Self, Failure> {
        let entries = files.iter().map(|file| StoredEntry {
            name: format!("{name}/{}", file.path),
            size: file.size,
            crc32: file.crc32,
        });
        let zip = StoredZip::new(date, entries.collect()).map_err(Failure::internal)?;
        let mut stretches = VecDeque::new();
        let mut at = 0;
        let mut add = |length: u64, bytes: Source| {
            stretches.push_back(Stretch { start: at, length, bytes });
            at += length;
        };
        for (index, file) in files.iter().enumerate() {
            let header = zip.header(index);
            add(header.len() as u64, Source::Header(header.into()));
            add(file.size, Source::File(file.sha256));
        }
        let directory = zip.directory();
        add(directory.len() as u64, Source::Header(directory.into()));
        Ok(Self { stretches, size: at })
    }

    /// The bytes of a range. Files are opened one after the other, as they are reached.
    pub(super) fn read(self, blobs: Blobs, range: Range<u64>) -> ByteStream {
        let wanted = self.stretches.into_iter().filter_map(move |stretch| {
            let start = range.start.max(stretch.start) - stretch.start;
            let end = range.end.min(stretch.start + stretch.length).checked_sub(stretch.start)?;
            (start < end).then_some((stretch.bytes, start..end))
        });
        let opened = stream::iter(wanted).then(move |(bytes, range)| {
            let blobs = blobs.clone();
            async move { open(&blobs, bytes, range).await }
        });
        opened.try_flatten().boxed()
    }
}

async fn open(blobs: &Blobs, bytes: Source, range: Range<u64>) -> io::Result<ByteStream> {
    match bytes {
        Source::File(sha256) => blobs.read(&sha256, range).await.map_err(io::Error::other),
        Source::Header(header) => {
            let index = |at| usize::try_from(at).map_err(io::Error::other);
            let part = header.slice(index(range.start)?..index(range.end)?);
            Ok(stream::once(async move { Ok(part) }).boxed())
        }
    }
}
