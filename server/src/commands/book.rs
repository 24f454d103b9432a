//! Opening a book from the disk and reading it.

use std::{
    fs::{File, Metadata},
    io::{self, Read, Seek},
    path::Path,
    time::SystemTime,
};

use packer::{
    epub::{Demands, DocumentKind, EpubProfile},
    inspect::{Inspection, inspect_as, inspect_document, inspect_metadata},
    limits::Limits,
    watch::Watch,
};

use super::failure::Failure;
use crate::exit::Exit;

/// A book's file, open from the first look at it to the last byte packed.
#[derive(Debug)]
pub(super) struct BookFile {
    file: File,
    name: String,
    size: u64,
    modified: Option<SystemTime>,
}

impl BookFile {
    /// Opens a regular file.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::unreadable(&error);
        // Asked before opening: opening a pipe waits for its writer.
        let found = std::fs::metadata(path).map_err(failed)?;
        if !found.is_file() {
            let hint = if found.is_dir() { "give the book as one file" } else { "give a regular file" };
            return Err(Failure::new(Exit::Unreadable, "not-a-file", "it is not a file", hint));
        }
        let file = File::open(path).map_err(failed)?;
        let found = file.metadata().map_err(failed)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { file, name, size: found.len(), modified: modified(&found) })
    }

    /// The name of the file, without its directory.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Bytes, when it was opened.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Reads what it says of itself, and nothing else of it.
    pub(super) fn metadata(&mut self, watch: &dyn Watch) -> Result<Inspection, Failure> {
        self.file.rewind().map_err(|error| Failure::unreadable(&error))?;
        Ok(inspect_metadata(&mut self.file, &self.name, &Limits::default(), watch)?)
    }

    /// Reads and checks it, an EPUB by one of EPUB's own profiles.
    pub(super) fn inspect(&mut self, profile: EpubProfile, watch: &dyn Watch) -> Result<Inspection, Failure> {
        self.file.rewind().map_err(|error| Failure::unreadable(&error))?;
        Ok(inspect_as(&mut self.file, &self.name, profile, &Limits::default(), watch)?)
    }

    /// Checks it as one document of an EPUB.
    pub(super) fn inspect_document(
        &mut self,
        kind: DocumentKind,
        demands: Demands,
        watch: &dyn Watch,
    ) -> Result<Inspection, Failure> {
        Ok(inspect_document(&mut self.file, &self.name, kind, demands, &Limits::default(), watch)?)
    }

    /// Reads it from its start; fails at its end when somebody wrote to it since it was opened.
    pub(super) fn reader(&mut self) -> Result<impl Read, Failure> {
        self.file.rewind().map_err(|error| Failure::unreadable(&error))?;
        Ok(UnchangedFile(self))
    }
}

struct UnchangedFile<'a>(&'a mut BookFile);

impl Read for UnchangedFile<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.file.read(buffer)?;
        if count == 0 && modified(&self.0.file.metadata()?) != self.0.modified {
            return Err(io::Error::other("somebody wrote to it meanwhile"));
        }
        Ok(count)
    }
}

fn modified(found: &Metadata) -> Option<SystemTime> {
    found.modified().ok()
}
