//! The folder of the data belongs to one process at a time, where the database is in it.

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use store::DatabaseLocation;

use crate::{
    configuration::Configuration,
    node::{StartError, make_private_folder},
};

/// The file whose lock says that a process works with the folder. The system lets go of it however the process ends.
const LOCK_FILE: &str = "in-use.lock";

/// Held for as long as this process uses the folder.
#[derive(Debug)]
pub(crate) struct InUse(#[expect(dead_code, reason = "it is the lock, and its end lets go")] Option<File>);

impl InUse {
    /// Takes the folder, or says that another process has it. Nodes on a shared database may share a folder.
    pub(crate) fn take(configuration: &Configuration) -> Result<Self, StartError> {
        match configuration.database {
            DatabaseLocation::Sqlite { .. } => lock(&configuration.data_dir).map(|file| Self(Some(file))),
            DatabaseLocation::MySql { .. } => Ok(Self(None)),
        }
    }
}

fn lock(folder: &Path) -> Result<File, StartError> {
    let failed = |source| StartError::DataDir { path: folder.to_owned(), source };
    make_private_folder(folder).map_err(failed)?;
    let file = File::options().write(true).create(true).truncate(false).open(folder.join(LOCK_FILE)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_processs_until_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let held = lock(folder.path()).unwrap();
        let refusal = lock(folder.path()).unwrap_err();
        assert!(refusal.to_string().contains("another process"), "{refusal}");
        drop(held);
        lock(folder.path()).unwrap();
    }
}
