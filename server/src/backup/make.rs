//! Making a backup.

use std::{fmt::Write as _, path::PathBuf};

use packer::hash::Sha256;
use service::{BlobError, Blobs, Timestamp};
use store::Store;
use tokio_util::io::ReaderStream;

use super::{
    BackupError, at,
    backups::{Backups, blob_key, name_of, one},
    manifest::{FORMAT, Manifest, blob_list_key},
    rows, seal,
};

/// While blobs are copied a release may be deleted, and its bytes with it; then a later moment is taken.
const ATTEMPTS: u32 = 3;

/// What a backup is made of.
#[derive(Debug)]
pub struct Source<'a> {
    /// The database.
    pub store: &'a Store,
    /// The bytes.
    pub blobs: &'a Blobs,
    /// Where rows lie until they are compressed and perhaps encrypted.
    pub staging: PathBuf,
    /// The public key that it is encrypted for.
    pub recipient: Option<String>,
    /// The moment, for its name.
    pub now: Timestamp,
}

/// Makes a backup and reads it again. Returns where it is and what it says.
pub async fn make(source: &Source<'_>, backups: &Backups) -> Result<(PathBuf, Manifest), BackupError> {
    let mut attempt = 1;
    loop {
        match try_to_make(source, backups).await {
            Err(BackupError::BlobMissing(sha256)) if attempt < ATTEMPTS => {
                tracing::info!(%sha256, attempt, "bytes went away while they were copied; a later moment is taken");
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn try_to_make(source: &Source<'_>, backups: &Backups) -> Result<(PathBuf, Manifest), BackupError> {
    let recipient = source.recipient.as_deref();
    let now = jiff::Timestamp::from_millisecond(source.now.0).unwrap_or_default();
    let (name, place) = (name_of(now), backups.place());

    let tables = source.store.tables().await?;
    let mut snapshot = source.store.snapshot().await?;
    let staged = tempfile::tempfile_in(&source.staging).map_err(at(&source.staging))?;
    let again = staged.try_clone().map_err(at(&source.staging))?;
    let sums = rows::write(&mut snapshot, &tables, staged).await?;
    let (needed, thumbnails) = (snapshot.blobs().await?, snapshot.thumbnails().await?);
    drop(snapshot);

    // It is read once more before it leaves: what cannot be read now could not be read later.
    let mut reader =
        rows::RowReader::new(again.try_clone().map_err(at(&source.staging))?).map_err(at(&source.staging))?;
    while reader.next().map_err(at(&source.staging))?.is_some() {}
    if reader.sums() != sums {
        return Err(BackupError::Damaged("the rows do not read as they were written".to_owned()));
    }
    let database = if recipient.is_some() { "database.ndjson.gz.age" } else { "database.ndjson.gz" };
    let key = format!("{name}/{database}");
    let mut again = tokio::fs::File::from_std(again);
    tokio::io::AsyncSeekExt::rewind(&mut again).await.map_err(at(&source.staging))?;
    let database_sha256 = seal::write(ReaderStream::new(again), place, &key, recipient).await?;
    let mut written = vec![key];

    let (mut list, mut blobs, mut blob_bytes) = (String::new(), 0, 0);
    let needed = needed.iter().map(|sha256| (sha256, true)).chain(thumbnails.iter().map(|sha256| (sha256, false)));
    for (sha256, is_needed) in needed {
        let size = match copy_blob(source, backups, sha256).await {
            // A version before thumbnails, which knows nobody who needs them, has swept it.
            Err(BackupError::BlobMissing(_)) if !is_needed => continue,
            size => size?,
        };
        written.push(blob_key(sha256, recipient.is_some()));
        blobs += 1;
        blob_bytes += size;
        // Writing to a String cannot fail.
        let _ = writeln!(list, "{sha256} {size}");
    }
    let key = blob_list_key(&name);
    place.write(&key, one(list.into_bytes())).await?;
    written.push(key);
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: now.to_string(),
        schema_version: source.store.schema_version().await?,
        encrypted_for: source.recipient.clone(),
        database: database.to_owned(),
        database_sha256,
        tables: sums,
        blobs,
        blob_bytes,
    };
    Ok((backups.finish(&name, &manifest, written).await?, manifest))
}

/// Copies the bytes when an earlier backup has not done so, and reads them again. Returns how many.
///
/// What an earlier backup copied into a folder is summed once more, so that a file that has rotted since is copied anew. An
/// object store sees to that itself: there the size is compared. One that is encrypted can only be opened with the key that
/// is elsewhere: there it is enough that it is not empty.
async fn copy_blob(source: &Source<'_>, backups: &Backups, sha256: &Sha256) -> Result<u64, BackupError> {
    let (place, recipient) = (backups.place(), source.recipient.as_deref());
    let key = blob_key(sha256, recipient.is_some());
    let copied = place.size(&key).await?;
    let Some(size) = source.blobs.size(sha256).await? else {
        // What went since the moment of this backup is as good in an earlier one, when it can be summed. What somebody
        // needs still is lost, and that is said.
        return match copied {
            Some(size)
                if recipient.is_none()
                    && !source.store.blobs().is_needed(sha256).await?
                    && place.sum_of(&key).await? == sha256.to_string() =>
            {
                Ok(size)
            }
            _ => Err(BackupError::BlobMissing(*sha256)),
        };
    };
    if let Some(known) = copied {
        let is_whole = match (recipient, place.root()) {
            (Some(_), _) => known > 0,
            (None, None) => known == size,
            (None, Some(_)) => place.sum_of(&key).await? == sha256.to_string(),
        };
        if is_whole {
            return Ok(size);
        }
    }
    let bytes = match source.blobs.read(sha256, 0..size).await {
        Err(BlobError::Missing(_)) => return Err(BackupError::BlobMissing(*sha256)),
        bytes => bytes?,
    };
    let read = seal::write(bytes, place, &key, recipient).await?;
    if recipient.is_none() && read != sha256.to_string() {
        return Err(BackupError::Damaged(format!("the blob {sha256} is not what its name says")));
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use service::BlobLocation;
    use sha2::{Digest, Sha256 as Sum};
    use store::DatabaseLocation;

    use super::{
        super::{backups::Backups, place::BackupPlace},
        *,
    };

    /// What somebody needs still and is missing is told in the tests of the whole.
    #[tokio::test]
    async fn what_went_meanwhile_is_taken_from_an_earlier_backup_when_its_sum_is_right() {
        let room = tempfile::tempdir().unwrap();
        let folder = |name: &str| BlobLocation::Folder(room.path().join(name));
        let store = Store::open(&DatabaseLocation::Sqlite { file: room.path().join("a.db") }).await.unwrap();
        store.migrate().await.unwrap();
        let blobs = Blobs::open(&folder("blobs")).unwrap();
        let backups = Backups::take(BackupPlace::open(&folder("backups")).unwrap(), room.path()).await.unwrap();
        let source =
            Source { store: &store, blobs: &blobs, staging: room.path().into(), recipient: None, now: Timestamp(0) };
        let sha256 = Sha256(Sum::digest(b"a book").into());
        let missing = |copied| matches!(copied, Err(BackupError::BlobMissing(missing)) if missing == sha256);
        assert!(missing(copy_blob(&source, &backups, &sha256).await), "no backup has it");
        let key = blob_key(&sha256, false);
        backups.place().write(&key, one(b"a look".to_vec())).await.unwrap();
        assert!(missing(copy_blob(&source, &backups, &sha256).await), "it has rotted there");
        backups.place().write(&key, one(b"a book".to_vec())).await.unwrap();
        assert_eq!(copy_blob(&source, &backups, &sha256).await.unwrap(), 6);
    }
}
