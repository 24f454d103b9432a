//! Reading a backup: to see whether it is whole, or into an empty place.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use futures::StreamExt;
use service::Blobs;
use sha2::{Digest, Sha256};
use store::{Store, copy::Table};

use super::{
    BackupError, at,
    folder::{Manifest, blob_list, blob_path, read_manifest},
    rows, seal,
};

/// A backup that was found, and what opens it.
#[derive(Debug)]
pub struct Backup {
    path: PathBuf,
    identity: Option<PathBuf>,
    /// What it says of itself.
    pub manifest: Manifest,
}

impl Backup {
    /// Looks at a backup. `identity` is the file of the key when it is encrypted.
    pub fn open(path: &Path, identity: Option<&Path>) -> Result<Self, BackupError> {
        let manifest = read_manifest(path)?;
        match (&manifest.encrypted_for, identity) {
            (Some(recipient), None) => Err(BackupError::Locked(recipient.clone())),
            (None, _) => Ok(Self { path: path.to_owned(), identity: None, manifest }),
            (Some(_), Some(key)) => Ok(Self { path: path.to_owned(), identity: Some(key.to_owned()), manifest }),
        }
    }

    /// Reads every row and every blob, and compares them with what the backup says.
    pub async fn check(&self, staging: &Path) -> Result<(), BackupError> {
        let mut reader = self.rows(staging).await?;
        while reader.next().map_err(at(&self.path))?.is_some() {}
        self.compare_rows(&reader)?;
        for (sha256, size) in blob_list(&self.path)? {
            let path = self.blob(&sha256);
            let mut bytes = seal::read(&path, self.identity.as_deref()).await?;
            let (mut sum, mut length) = (Sha256::new(), 0);
            while let Some(chunk) = bytes.next().await {
                let chunk = chunk.map_err(at(&path))?;
                length += chunk.len() as u64;
                sum.update(&chunk);
            }
            if length != size || packer::hash::Sha256(sum.finalize().into()) != sha256 {
                return Err(BackupError::Damaged(format!("{} is not what its name says", path.display())));
            }
        }
        Ok(())
    }

    /// Puts everything into an empty database and a blob store, and compares. A failure leaves the database empty.
    pub async fn restore(&self, store: &Store, blobs: &Blobs, staging: &Path) -> Result<(), BackupError> {
        store.migrate().await?;
        let known = store.schema_version().await?;
        if self.manifest.schema_version != known {
            let (found, version) = (self.manifest.schema_version, self.manifest.version.clone());
            return Err(BackupError::Schema { found, known, version });
        }
        let tables = store.tables().await?;
        for table in &tables {
            let rows = store.count_rows(table).await?;
            if rows > 0 {
                return Err(BackupError::NotEmpty { table: table.name.clone(), rows });
            }
        }
        // Bytes first: a row never points at what is not there.
        for (sha256, _) in blob_list(&self.path)? {
            let bytes = seal::read(&self.blob(&sha256), self.identity.as_deref()).await?;
            let received = blobs.receive(bytes, Some(sha256)).await?;
            let keeping = blobs.keep(store).await?;
            blobs.adopt(&keeping, &[received]).await?;
        }
        let mut reader = self.rows(staging).await?;
        let mut transaction = store.begin_write().await?;
        transaction.allow_any_order().await?;
        while let Some((table, rows)) = reader.next().map_err(at(&self.path))? {
            // What stands in the file is put into a statement: only names that the schema has.
            if !tables.iter().any(|known| has_columns(known, &table)) {
                return Err(BackupError::Damaged(format!("this version has no such table: {}", table.name)));
            }
            transaction.add_rows(&table, rows).await?;
        }
        self.compare_rows(&reader)?;
        transaction.ask_for_order().await?;
        transaction.commit().await?;

        let kept: Vec<Table> =
            tables.into_iter().filter(|table| self.manifest.tables.contains_key(&table.name)).collect();
        let sums = rows::sum(&mut store.snapshot().await?, &kept).await?;
        if sums == self.manifest.tables {
            Ok(())
        } else {
            Err(BackupError::Damaged("what was restored does not read as the backup says".to_owned()))
        }
    }

    fn compare_rows(&self, reader: &rows::RowReader) -> Result<(), BackupError> {
        if reader.sums() == self.manifest.tables {
            Ok(())
        } else {
            Err(BackupError::Damaged("the rows are not those that backup.json names".to_owned()))
        }
    }

    fn blob(&self, sha256: &packer::hash::Sha256) -> PathBuf {
        let backups = self.path.parent().unwrap_or(Path::new("."));
        blob_path(backups, sha256, self.identity.is_some())
    }

    /// The rows, decrypted into a file that has no name when they must be.
    async fn rows(&self, staging: &Path) -> Result<rows::RowReader, BackupError> {
        let path = self.path.join(&self.manifest.database);
        if seal::sum_of(&path).await? != self.manifest.database_sha256 {
            return Err(BackupError::Damaged(format!("{} is not as it was written", path.display())));
        }
        let Some(identity) = &self.identity else {
            return File::open(&path).and_then(rows::RowReader::new).map_err(at(path));
        };
        let mut staged = tempfile::tempfile_in(staging).map_err(at(staging))?;
        let mut bytes = seal::read(&path, Some(identity)).await?;
        while let Some(chunk) = bytes.next().await {
            chunk.and_then(|chunk| staged.write_all(&chunk)).map_err(at(&path))?;
        }
        rows::RowReader::new(staged).map_err(|error: io::Error| at(staging)(error))
    }
}

fn has_columns(known: &Table, table: &Table) -> bool {
    known.name == table.name && table.columns.iter().all(|column| known.columns.contains(column))
}
