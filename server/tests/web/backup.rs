//! Backups with bytes in them.

use std::{fs, path::Path};

use server::backup::{
    BackupError,
    backups::Backups,
    make::{Source, make},
    place::BackupPlace,
    restore::Backup,
};
use service::{BlobLocation, Blobs, Store, Timestamp};
use store::DatabaseLocation;

use crate::harness::House;

async fn place(folder: &Path) -> (Store, Blobs) {
    let location = DatabaseLocation::Sqlite { file: folder.join("copy.db") };
    (Store::open(&location).await.unwrap(), Blobs::open(&BlobLocation::Folder(folder.join("blobs"))).unwrap())
}

#[tokio::test]
async fn a_book_comes_back_byte_for_byte_and_one_that_lost_its_bytes_is_no_backup() {
    let house = House::new().await;
    let bearer = house.signed_in().await;
    let _working = house.worker();
    house.draft(&bearer).await;
    let data = &house.state.configuration.data_dir;
    let store = Store::open(&house.state.configuration.database).await.unwrap();
    let blobs = Blobs::open(&house.state.configuration.blobs).unwrap();
    let backups = tempfile::tempdir().unwrap();
    let there = || BackupPlace::open(&BlobLocation::Folder(backups.path().to_owned())).unwrap();
    let taken = Backups::take(there(), data).await.unwrap();
    let source = |seconds: i64| Source {
        store: &store,
        blobs: &blobs,
        staging: data.clone(),
        recipient: None,
        now: Timestamp(1_700_000_000_000 + seconds * 1_000),
    };
    let (path, manifest) = make(&source(0), &taken).await.unwrap();
    assert!(manifest.blobs >= 1 && manifest.tables["releases"].rows == 1, "{manifest:?}");
    assert!(!manifest.tables.contains_key("uploads"), "what is under way begins again: {manifest:?}");

    let second = tempfile::tempdir().unwrap();
    let (copy, copied) = place(second.path()).await;
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let backup = Backup::open(there(), &name(&path), None).await.unwrap();
    backup.check(second.path()).await.unwrap();
    backup.restore(&copy, &copied, second.path()).await.unwrap();
    let needed = copy.snapshot().await.unwrap().blobs().await.unwrap();
    assert_eq!(needed.len() as u64, manifest.blobs);
    for sha256 in &needed {
        let key = Blobs::key(sha256);
        let (first, second) = (data.join("blobs").join(&key), second.path().join("blobs").join(&key));
        assert_eq!(fs::read(first).unwrap(), fs::read(second).unwrap());
    }

    // A second backup shares the bytes; when they are gone from the store, that is said.
    let first = data.join("blobs").join(Blobs::key(&needed[0]));
    let original = fs::read(&first).unwrap();
    fs::remove_file(&first).unwrap();
    let failure = make(&source(1), &taken).await.unwrap_err();
    assert!(matches!(failure, BackupError::BlobMissing(sha256) if sha256 == needed[0]), "{failure}");

    // One bit of the bytes is enough to be told.
    let stored = backups.path().join("blobs");
    let hash = needed[0].to_string();
    let stored = stored.join(&hash[..2]).join(&hash[2..4]).join(&hash);
    let mut bytes = fs::read(&stored).unwrap();
    bytes[0] ^= 1;
    fs::write(&stored, bytes).unwrap();
    let failure = Backup::open(there(), &name(&path), None).await.unwrap().check(second.path()).await.unwrap_err();
    assert!(matches!(failure, BackupError::Damaged(_)), "{failure}");

    // The next backup notices it, too, and copies the bytes anew.
    fs::write(&first, original).unwrap();
    let (path, _) = make(&source(2), &taken).await.unwrap();
    Backup::open(there(), &name(&path), None).await.unwrap().check(second.path()).await.unwrap();
}
