//! The folder in which a process stages packages: its own, and swept when it is gone.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// The file whose lock says that the process lives. The system lets go of it however the process ends.
const LOCK_FILE: &str = "lock";
/// What the folders of processes begin with: nothing else in there is touched.
const BEGINNING: &str = "process-";

/// A folder of this process alone. Several processes may have theirs side by side, those of one machine and those of
/// several that share a disk.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
    #[expect(dead_code, reason = "it is the lock, and its end lets go")]
    lock: File,
}

impl Staging {
    /// Makes a folder of its own in `root`, and takes away those of processes that are gone. It goes when the value is
    /// dropped.
    pub fn begin(root: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(root)?;
        sweep(root)?;
        let name = format!("{:032x}", rand::random::<u128>());
        // Under another name until it is locked: who sweeps just now must not take it for a dead one.
        let (unlocked, folder) = (root.join(format!("new-{name}")), root.join(format!("{BEGINNING}{name}")));
        std::fs::create_dir(&unlocked)?;
        let lock = File::create(unlocked.join(LOCK_FILE))?;
        lock.try_lock().map_err(io::Error::from)?;
        std::fs::rename(&unlocked, &folder)?;
        Ok(Self { folder, lock })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::debug!(%error, "the staging folder is left to be swept");
        }
    }
}

fn sweep(root: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(root)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(BEGINNING) {
            continue;
        }
        let lock = match File::open(entry.path().join(LOCK_FILE)) {
            Ok(file) => file,
            // Being taken away just now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        match lock.try_lock() {
            Ok(()) => std::fs::remove_dir_all(entry.path())?,
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_left_alone_as_long_as_its_process_lives() {
        let root = tempfile::tempdir().unwrap();
        let dead = root.path().join("process-0");
        std::fs::create_dir(&dead).unwrap();
        std::fs::write(dead.join("base.rar"), "half").unwrap();
        std::fs::write(dead.join(LOCK_FILE), "").unwrap();
        std::fs::create_dir(root.path().join("of-somebody-else")).unwrap();
        let one = Staging::begin(root.path()).unwrap();
        std::fs::write(one.folder().join("base.rar"), "half").unwrap();
        let other = Staging::begin(root.path()).unwrap();
        assert!(!dead.exists());
        assert!(one.folder().join("base.rar").exists() && one.folder() != other.folder());
        let left = one.folder().to_owned();
        drop(one);
        assert!(!left.exists() && other.folder().exists() && root.path().join("of-somebody-else").exists());
    }
}
