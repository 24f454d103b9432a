//! Where the files come from: a directory, or whatever else can list and open them, such as files dropped on a page.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::{
    inspect::Source,
    verify::{VerifyError, VerifyLimits},
};

/// Why a file was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none of that name.
    #[error("missing")]
    Missing,
    /// The path leaves the place, is a link, or is no regular file.
    #[error("refused")]
    Refused,
    /// The system says no.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Files by their paths, with `/` between the parts.
pub trait Files {
    /// Every file, sorted, within the limits. Links are listed, never followed.
    fn list(&self, limits: &VerifyLimits) -> Result<Vec<String>, VerifyError>;
    /// Bytes of a file, when it is there and may be read.
    fn size(&self, path: &str) -> Option<u64>;
    /// Opens a file.
    fn open(&self, path: &str) -> Result<Box<dyn Source + '_>, OpenError>;
    /// Opens a file to be read from its beginning to its end; what is packed can be read so, and not opened.
    fn read(&self, path: &str) -> Result<Box<dyn Read + '_>, OpenError> {
        Ok(self.open(path)?)
    }
}

/// The files of a directory.
#[derive(Debug)]
pub(super) struct DirectoryFiles {
    root: PathBuf,
}

impl DirectoryFiles {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The regular file at a path, when neither it nor any directory above it, up to the root, is a link.
    fn regular_file(&self, path: &str) -> Result<(PathBuf, fs::Metadata), OpenError> {
        if !is_inside(path) {
            return Err(OpenError::Refused);
        }
        let mut full = self.root.clone();
        let mut parts = path.split('/').peekable();
        loop {
            full.push(parts.next().ok_or(OpenError::Refused)?);
            let found = match fs::symlink_metadata(&full) {
                Ok(found) => found,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(OpenError::Missing),
                Err(error) => return Err(OpenError::Io(error)),
            };
            match (found.is_dir(), found.is_file(), parts.peek()) {
                (true, _, Some(_)) => {}
                (_, true, None) => return Ok((full, found)),
                _ => return Err(OpenError::Refused),
            }
        }
    }
}

impl Files for DirectoryFiles {
    fn list(&self, limits: &VerifyLimits) -> Result<Vec<String>, VerifyError> {
        let mut paths = Vec::new();
        let mut open = vec![(self.root.clone(), String::new(), 0)];
        while let Some((directory, prefix, depth)) = open.pop() {
            for entry in fs::read_dir(&directory)? {
                let entry = entry?;
                let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
                if entry.file_type()?.is_dir() && depth < limits.depth {
                    open.push((entry.path(), format!("{path}/"), depth + 1));
                    continue;
                }
                paths.push(path);
                if paths.len() > limits.files {
                    return Err(VerifyError::TooManyFiles(limits.files));
                }
            }
        }
        paths.sort();
        Ok(paths)
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.regular_file(path).ok().map(|(_, found)| found.len())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Source + '_>, OpenError> {
        let (full, _) = self.regular_file(path)?;
        Ok(Box::new(fs::File::open(full)?))
    }
}

/// True when a path stays where it is: relative, no `..`, nothing that another system reads as a root.
pub(crate) fn is_inside(path: &str) -> bool {
    !path.contains(['\\', ':', '\0']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_directory_are_known() {
        for path in ["../a", "a/../../b", "/etc/passwd", "a//b", "", ".", "C:/a", "..\\a", "a\0"] {
            assert!(!is_inside(path), "{path}");
        }
        for path in ["a", "a/b", "a..b", "..a", ".a/b"] {
            assert!(is_inside(path), "{path}");
        }
    }
}
