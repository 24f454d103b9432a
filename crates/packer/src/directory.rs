//! A directory that holds an unzipped book.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use crate::{
    container::{Container, Entry, ReadError},
    limits::Limits,
};

/// Directories inside each other; deeper ones are not entered.
const DEPTH: usize = 64;

/// An unzipped book.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    entries: Vec<Entry>,
}

/// Why a directory could not be listed.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// It holds more than [`Limits::entries`], which is given.
    #[error("the directory holds more than {0} files")]
    Entries(u64),
    /// The system failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Directory {
    /// Lists a directory, at most [`Limits::entries`] entries of it. Links are listed and never followed.
    pub fn open(root: &Path, limits: &Limits) -> Result<Self, DirectoryError> {
        let mut entries = Vec::new();
        let mut open = vec![(root.to_owned(), String::new(), 0)];
        while let Some((directory, prefix, depth)) = open.pop() {
            for child in fs::read_dir(&directory)? {
                let child = child?;
                if entries.len() as u64 >= limits.entries {
                    return Err(DirectoryError::Entries(limits.entries));
                }
                let name = child.file_name();
                let path = format!("{prefix}{}", name.to_string_lossy());
                let kind = child.file_type()?;
                let size = if kind.is_file() { child.metadata()?.len() } else { 0 };
                if kind.is_dir() && depth < DEPTH {
                    open.push((child.path(), format!("{path}/"), depth + 1));
                }
                entries.push(Entry {
                    is_utf8: name.to_str().is_some(),
                    path: if kind.is_dir() { format!("{path}/") } else { path },
                    size,
                    is_directory: kind.is_dir(),
                    is_link: kind.is_symlink(),
                    header: None,
                });
            }
        }
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Self { root: root.to_owned(), entries })
    }

    fn file(&self, index: usize) -> Result<fs::File, ReadError> {
        let entry = &self.entries[index];
        if entry.is_link || entry.is_directory || !entry.is_utf8 {
            return Err(ReadError::Damaged);
        }
        Ok(fs::File::open(self.root.join(&entry.path))?)
    }
}

impl Container for Directory {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, index: usize, most: u64) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        self.file(index)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most { Err(ReadError::TooLarge(most)) } else { Ok(bytes) }
    }

    fn head(&self, index: usize, most: usize) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        self.file(index)?.take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
