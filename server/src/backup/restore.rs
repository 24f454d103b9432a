//! Reading a backup: to see whether it is whole, or into an empty place.

use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
};

use futures::StreamExt;
use service::{
    Blobs,
    audit::{EndedByRestore, end_after_restore},
};
use sha2::{Digest, Sha256};
use store::{
    Store,
    copy::{Table, is_of_the_moment},
};

use super::{
    BackupError, at,
    backups::blob_key,
    manifest::{Manifest, blob_list, read_manifest},
    place::BackupPlace,
    rows, seal,
};
use crate::node;

/// A backup that was found, and what opens it.
#[derive(Debug)]
pub struct Backup {
    place: BackupPlace,
    name: String,
    identity: Option<PathBuf>,
    /// What it says of itself.
    pub manifest: Manifest,
}

impl Backup {
    /// Looks at a backup in a place. `identity` is the file of the key when it is encrypted.
    pub async fn open(place: BackupPlace, name: &str, identity: Option<&Path>) -> Result<Self, BackupError> {
        let manifest = read_manifest(&place, name).await?;
        let name = name.to_owned();
        match (&manifest.encrypted_for, identity) {
            (Some(recipient), None) => Err(BackupError::Locked(recipient.clone())),
            (None, _) => Ok(Self { place, name, identity: None, manifest }),
            (Some(_), Some(key)) => Ok(Self { place, name, identity: Some(key.to_owned()), manifest }),
        }
    }

    /// Reads every row and every blob, and compares them with what the backup says.
    pub async fn check(&self, staging: &Path) -> Result<(), BackupError> {
        let mut reader = self.rows(staging).await?;
        while reader.next().map_err(at(self.place.shown(&self.name)))?.is_some() {}
        self.compare_rows(&reader)?;
        for (sha256, size) in blob_list(&self.place, &self.name).await? {
            let key = blob_key(&sha256, self.identity.is_some());
            let mut bytes = seal::read(&self.place, &key, self.identity.as_deref()).await?;
            let (mut sum, mut length) = (Sha256::new(), 0);
            while let Some(chunk) = bytes.next().await {
                let chunk = chunk.map_err(at(self.place.shown(&key)))?;
                length += chunk.len() as u64;
                sum.update(&chunk);
            }
            if length != size || packer::hash::Sha256(sum.finalize().into()) != sha256 {
                let shown = self.place.shown(&key);
                return Err(BackupError::Damaged(format!("{} is not what its name says", shown.display())));
            }
        }
        Ok(())
    }

    /// Puts everything into an empty database and a blob store, and compares. A failure leaves the database empty. Then
    /// every session, token and link that came along ends: many of them had ended since the backup was made.
    pub async fn restore(&self, store: &Store, blobs: &Blobs, staging: &Path) -> Result<EndedByRestore, BackupError> {
        // Before anything is made: the version that is to restore it instead may be an earlier one.
        let known = store.schema_version().await?.max(store.known_version());
        if self.manifest.schema_version != known {
            let (found, version) = (self.manifest.schema_version, self.manifest.version.clone());
            return Err(BackupError::Schema { found, known, version });
        }
        store.migrate().await?;
        let tables = store.tables().await?;
        for table in &tables {
            let rows = store.count_rows(table).await?;
            if rows > 0 {
                return Err(BackupError::NotEmpty { table: table.name.clone(), rows });
            }
        }
        // Bytes first: a row never points at what is not there.
        for (sha256, _) in blob_list(&self.place, &self.name).await? {
            let key = blob_key(&sha256, self.identity.is_some());
            let bytes = seal::read(&self.place, &key, self.identity.as_deref()).await?;
            let received = blobs.receive(bytes, Some(sha256)).await?;
            let keeping = blobs.keep(store).await?;
            blobs.adopt(&keeping, &[received]).await?;
        }
        let mut reader = self.rows(staging).await?;
        let mut transaction = store.begin_write().await?;
        transaction.allow_any_order().await?;
        while let Some((table, rows)) = reader.next().map_err(at(self.place.shown(&self.name)))? {
            if is_of_the_moment(&table.name) {
                continue;
            }
            // What stands in the file is put into a statement: only names that the schema has.
            if !tables.iter().any(|known| has_columns(known, &table)) {
                return Err(BackupError::Damaged(format!("this version has no such table: {}", table.name)));
            }
            transaction.add_rows(&table, rows).await?;
        }
        self.compare_rows(&reader)?;
        transaction.ask_for_order().await?;
        transaction.commit().await?;

        // An earlier version backed up what this one holds to be of its moment; a table that came later is empty.
        let promised = self.manifest.tables.iter().filter(|(name, _)| !is_of_the_moment(name));
        let promised: BTreeMap<_, _> = promised.map(|(name, sum)| (name.clone(), sum.clone())).collect();
        let kept: Vec<Table> = tables.into_iter().filter(|table| promised.contains_key(&table.name)).collect();
        let sums = rows::sum(&mut store.snapshot().await?, &kept).await?;
        if sums != promised {
            return Err(BackupError::Damaged("what was restored does not read as the backup says".to_owned()));
        }
        Ok(end_after_restore(store, node::now(), &self.name).await?)
    }

    fn compare_rows(&self, reader: &rows::RowReader) -> Result<(), BackupError> {
        if reader.sums() == self.manifest.tables {
            Ok(())
        } else {
            Err(BackupError::Damaged("the rows are not those that backup.json names".to_owned()))
        }
    }

    /// The rows, decrypted when they must be, in a file that has no name.
    async fn rows(&self, staging: &Path) -> Result<rows::RowReader, BackupError> {
        let key = format!("{}/{}", self.name, self.manifest.database);
        let shown = self.place.shown(&key);
        if self.place.sum_of(&key).await? != self.manifest.database_sha256 {
            return Err(BackupError::Damaged(format!("{} is not as it was written", shown.display())));
        }
        let mut staged = tempfile::tempfile_in(staging).map_err(at(staging))?;
        let mut bytes = seal::read(&self.place, &key, self.identity.as_deref()).await?;
        while let Some(chunk) = bytes.next().await {
            chunk.and_then(|chunk| staged.write_all(&chunk)).map_err(at(&shown))?;
        }
        rows::RowReader::new(staged).map_err(at(staging))
    }
}

fn has_columns(known: &Table, table: &Table) -> bool {
    known.name == table.name && table.columns.iter().all(|column| known.columns.contains(column))
}
