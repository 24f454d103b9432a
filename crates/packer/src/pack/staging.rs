//! The directory in which a package grows until it is whole.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::pack::PackError;

/// What stands between the release name and the number in the name of a staging directory.
const MARK: &str = ".partial-";
/// Bytes of the release name that the directory's name shows: with dot, mark and number it stays under the 255 bytes
/// that file systems allow.
const NAME_SHOWN: usize = 200;

/// A staging directory of our own. Dropped before it is published, it is gone with everything in it.
///
/// Its owner holds a lock on it as long as it lives: whoever gets the lock knows that the owner is dead, and may take
/// the directory away.
#[derive(Debug)]
pub(super) struct Staging {
    parent: PathBuf,
    target: PathBuf,
    path: PathBuf,
    /// The lock.
    handle: File,
    /// Directories above that were made for this package, from the deepest.
    made: Vec<PathBuf>,
    is_published: bool,
}

impl Staging {
    /// Makes a staging directory in `parent` for the package `name`, and `parent` itself when it is missing. What
    /// dead processes left there is swept.
    pub(super) fn create(parent: &Path, name: &str) -> Result<Self, PackError> {
        let target = parent.join(name);
        if fs::symlink_metadata(&target).is_ok() {
            return Err(PackError::TargetExists(target));
        }
        let made = make_missing(parent)?;
        sweep(parent);
        match create_locked(parent, name) {
            Ok((path, handle)) => {
                Ok(Self { parent: parent.to_owned(), target, path, handle, made, is_published: false })
            }
            Err(source) => {
                remove_empty(&made);
                Err(PackError::Write { path: parent.to_owned(), source })
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the package its name. The directory and everything in it is on the disk before, the name after.
    pub(super) fn publish(mut self) -> Result<PathBuf, PackError> {
        self.handle.sync_all().map_err(PackError::write(&self.path))?;
        match rename_new(&self.path, &self.target) {
            Ok(()) => {}
            Err(error) if is_taken(&error) => return Err(PackError::TargetExists(self.target.clone())),
            Err(source) => return Err(PackError::Write { path: self.target.clone(), source }),
        }
        // From here on the package is there; that its name outlives a power cut is asked for, and not all file
        // systems can answer.
        self.is_published = true;
        for directory in std::iter::once(&self.parent).chain(&self.made) {
            drop(File::open(directory).and_then(|directory| directory.sync_all()));
        }
        Ok(self.target.clone())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.is_published {
            // Nothing more can be done about a failure here: the next one who packs there sweeps.
            drop(fs::remove_dir_all(&self.path));
            remove_empty(&self.made);
        }
    }
}

/// Fails unless the directory is there and empty.
pub(super) fn expect_empty(directory: &Path) -> Result<(), PackError> {
    let mut entries = fs::read_dir(directory).map_err(PackError::write(directory))?;
    if entries.next().is_some() { Err(PackError::StagingNotEmpty(directory.to_owned())) } else { Ok(()) }
}

/// Takes away the files of a directory that was empty before.
pub(super) fn clear(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        drop(fs::remove_file(entry.path()));
    }
}

/// Takes away the directories that were made and hold nothing.
fn remove_empty(made: &[PathBuf]) {
    for directory in made {
        drop(fs::remove_dir(directory));
    }
}

/// Makes a directory and those above it that are missing; gives those it made, from the deepest.
fn make_missing(directory: &Path) -> Result<Vec<PathBuf>, PackError> {
    let mut made = Vec::new();
    let missing: Vec<_> =
        directory.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists()).collect();
    for above in missing.into_iter().rev() {
        match fs::create_dir(above) {
            Ok(()) => made.insert(0, above.to_owned()),
            // Somebody else made it meanwhile.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && above.is_dir() => {}
            Err(source) => {
                remove_empty(&made);
                return Err(PackError::Write { path: above.to_owned(), source });
            }
        }
    }
    Ok(made)
}

fn create_locked(parent: &Path, name: &str) -> io::Result<(PathBuf, File)> {
    let shown: String = name.chars().take(NAME_SHOWN).collect();
    let process = std::process::id();
    for number in 0_u32.. {
        let path = parent.join(format!(".{shown}{MARK}{process}-{number}"));
        match fs::create_dir(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
        }
        let handle = match File::open(&path) {
            Ok(handle) => handle,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        // Between making and locking, one who sweeps may take the directory away: then another is made. Where the
        // file system knows no locks nobody sweeps either, and the directory is good without.
        let is_ours = !matches!(handle.try_lock(), Err(TryLockError::WouldBlock));
        if is_ours && path.is_dir() {
            return Ok((path, handle));
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Takes away the staging directories whose owners are dead.
fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(is_staging_name)
            && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_ours {
            continue;
        }
        let Ok(handle) = File::open(entry.path()) else { continue };
        match handle.try_lock() {
            Ok(()) => drop(fs::remove_dir_all(entry.path())),
            // Its owner lives, or the file system knows no locks and nobody can tell.
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
        }
    }
}

/// True for `.NAME.partial-PROCESS-NUMBER`.
fn is_staging_name(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    name.starts_with('.')
        && name
            .rsplit_once(MARK)
            .and_then(|(_, numbers)| numbers.split_once('-'))
            .is_some_and(|(process, number)| is_number(process) && is_number(number))
}

/// Renames a directory to a name that nobody has.
#[cfg(target_os = "linux")]
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::{
        fs::{CWD, RenameFlags, renameat_with},
        io::Errno,
    };
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems do not know the flag.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => rename_over_own_empty(from, to),
        other => Ok(other?),
    }
}

#[cfg(not(target_os = "linux"))]
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    rename_over_own_empty(from, to)
}

/// Claims the name with an empty directory, which fails when somebody has it, and renames over it, which fails when
/// somebody put something in.
fn rename_over_own_empty(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    fs::rename(from, to).inspect_err(|_| drop(fs::remove_dir(to)))
}

fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn what_is_not_published_is_gone_with_the_directories_made_for_it() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::create(&root.path().join("a/b"), "name").unwrap();
        fs::write(staging.path().join("file"), "bytes").unwrap();
        drop(staging);
        assert_eq!(names(root.path()), [""; 0]);
    }

    #[test]
    fn a_published_package_has_its_name_and_nothing_else_is_there() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::create(root.path(), "name").unwrap();
        fs::write(staging.path().join("file"), "bytes").unwrap();
        assert_eq!(staging.publish().unwrap(), root.path().join("name"));
        assert_eq!(names(root.path()), ["name"]);
        assert_eq!(names(&root.path().join("name")), ["file"]);
    }

    #[test]
    fn a_name_taken_while_the_package_grew_is_not_replaced() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::create(root.path(), "name").unwrap();
        fs::create_dir(root.path().join("name")).unwrap();
        assert!(matches!(staging.publish(), Err(PackError::TargetExists(_))));
        assert_eq!(names(root.path()), ["name"]);
    }

    #[test]
    fn without_the_flag_of_the_system_a_taken_name_is_not_replaced_either() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (root.path().join("from"), root.path().join("to"));
        fs::create_dir(&from).unwrap();
        fs::create_dir(&to).unwrap();
        assert!(is_taken(&rename_over_own_empty(&from, &to).unwrap_err()));
        fs::remove_dir(&to).unwrap();
        rename_over_own_empty(&from, &to).unwrap();
        assert_eq!(names(root.path()), ["to"]);
    }

    #[test]
    fn the_staging_of_the_dead_is_swept_and_that_of_the_living_stays() {
        let root = tempfile::tempdir().unwrap();
        let dead = root.path().join(".other.partial-1-0");
        fs::create_dir(&dead).unwrap();
        fs::write(dead.join("file"), "bytes").unwrap();
        fs::create_dir(root.path().join(".partial-notes")).unwrap();
        let living = Staging::create(root.path(), "name").unwrap();
        let second = Staging::create(root.path(), "name").unwrap();
        assert!(!dead.exists());
        assert!(living.path().is_dir() && second.path().is_dir() && living.path() != second.path());
        assert!(root.path().join(".partial-notes").exists());
    }

    #[test]
    fn the_longest_release_name_still_makes_a_file_name() {
        let root = tempfile::tempdir().unwrap();
        let name = "a".repeat(243);
        Staging::create(root.path(), &name).unwrap().publish().unwrap();
        assert_eq!(names(root.path()), [name]);
    }
}
