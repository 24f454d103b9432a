//! Backups with bytes in them.

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde_json::{Value, json};
use server::backup::{
    BackupError,
    backups::Backups,
    make::{Source, make},
    manifest::Manifest,
    place::BackupPlace,
    restore::Backup,
};
use service::{AuditAction, BlobLocation, Blobs, ExposeSecret, Store, Timestamp, TokenScope};
use sha2::{Digest, Sha256};
use store::{DatabaseLocation, audit::AuditFilter, email_links::EmailLink};

use crate::{
    covers,
    harness::{self, House},
};

async fn place(folder: &Path) -> (Store, Blobs) {
    let location = DatabaseLocation::Sqlite { file: folder.join("copy.db") };
    (Store::open(&location).await.unwrap(), Blobs::open(&BlobLocation::Folder(folder.join("blobs"))).unwrap())
}

/// Makes a backup of a house.
async fn back_up(house: &House, there: BackupPlace) -> (PathBuf, Manifest) {
    let data = &house.state.configuration.data_dir;
    let store = Store::open(&house.state.configuration.database).await.unwrap();
    let blobs = Blobs::open(&house.state.configuration.blobs).unwrap();
    let taken = Backups::take(there, data).await.unwrap();
    let (staging, now) = (data.clone(), Timestamp(1_700_000_000_000));
    make(&Source { store: &store, blobs: &blobs, staging, recipient: None, now }, &taken).await.unwrap()
}

#[tokio::test]
async fn a_book_comes_back_byte_for_byte_and_one_that_lost_its_bytes_is_no_backup() {
    let house = House::new().await;
    let bearer = house.signed_in().await;
    let _working = house.worker();
    house.draft(&bearer).await;
    covers::covered(&house, &bearer, covers::painted()).await;
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
    // Two books, a cover and its thumbnail.
    assert!(manifest.blobs == 4 && manifest.tables["releases"].rows == 2, "{manifest:?}");
    assert!(!manifest.tables.contains_key("uploads"), "what is under way begins again: {manifest:?}");

    let second = tempfile::tempdir().unwrap();
    let (copy, copied) = place(second.path()).await;
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let backup = Backup::open(there(), &name(&path), None).await.unwrap();
    backup.check(second.path()).await.unwrap();
    backup.restore(&copy, &copied, second.path()).await.unwrap();
    let mut snapshot = copy.snapshot().await.unwrap();
    let (needed, thumbnails) = (snapshot.blobs().await.unwrap(), snapshot.thumbnails().await.unwrap());
    drop(snapshot);
    assert_eq!((needed.len(), thumbnails.len()), (3, 1));
    for sha256 in needed.iter().chain(&thumbnails) {
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

    // Without a thumbnail nothing is missing: the whole cover is there.
    fs::remove_file(data.join("blobs").join(Blobs::key(&thumbnails[0]))).unwrap();
    let (path, manifest) = make(&source(3), &taken).await.unwrap();
    assert_eq!(manifest.blobs, 3);
    Backup::open(there(), &name(&path), None).await.unwrap().check(second.path()).await.unwrap();
}

#[tokio::test]
async fn what_may_have_ended_since_opens_nothing_after_a_restore() {
    let house = House::new().await;
    let bearer = house.signed_in().await;
    let data = &house.state.configuration.data_dir;
    let store = Store::open(&house.state.configuration.database).await.unwrap();
    let blobs = Blobs::open(&house.state.configuration.blobs).unwrap();
    let (accounts, password) = (house.state.services.accounts(), harness::PASSWORD);
    let actor = accounts.authenticate(bearer.trim_start_matches("Bearer ")).await.unwrap();
    accounts.create_token(&actor, &password.into(), "script", TokenScope::Read, 30).await.unwrap();
    let link = accounts.make_reset_link(&actor, &password.into(), actor.user_id).await.unwrap();
    let confirming = packer::hash::Sha256([7; 32]);
    let mut transaction = store.begin_write().await.unwrap();
    let email = EmailLink { user_id: actor.user_id, email: "ada@example.org".to_owned() };
    transaction.email_links().add(&confirming, &email, Timestamp(1), link.expires_at).await.unwrap();
    transaction.commit().await.unwrap();

    let backups = tempfile::tempdir().unwrap();
    let there = || BackupPlace::open(&BlobLocation::Folder(backups.path().to_owned())).unwrap();
    let taken = Backups::take(there(), data).await.unwrap();
    let (staging, now) = (data.clone(), Timestamp(1_700_000_000_000));
    let (path, _) =
        make(&Source { store: &store, blobs: &blobs, staging, recipient: None, now }, &taken).await.unwrap();
    let second = tempfile::tempdir().unwrap();
    let (copy, copied) = place(second.path()).await;
    let name = path.file_name().unwrap().to_str().unwrap();
    let ended = Backup::open(there(), name, None).await.unwrap().restore(&copy, &copied, second.path()).await.unwrap();
    assert_eq!((ended.sessions, ended.tokens, ended.links), (1, 1, 2));

    let now = link.expires_at.before(Duration::from_hours(1));
    for (store, left) in [(&store, 1), (&copy, 0)] {
        assert_eq!(store.sessions().list_alive(actor.user_id, now).await.unwrap().len(), left);
        assert_eq!(store.api_tokens().list_of(actor.user_id).await.unwrap().len(), left);
        let sha256 = packer::hash::Sha256(Sha256::digest(link.token.expose_secret()).into());
        assert_eq!(store.reset_links().owner(&sha256, now).await.unwrap().is_some(), left == 1);
        assert_eq!(store.email_links().find(&confirming, now).await.unwrap().is_some(), left == 1);
    }
    let written = copy.audit().list(&AuditFilter::default(), None, 1).await.unwrap().items.remove(0);
    assert_eq!((written.action, written.actor_id), (AuditAction::Ended, None));
    assert_eq!(written.after.unwrap(), json!({ "restored": name, "sessions": 1, "tokens": 1, "links": 2 }));
}

/// Versions before kept the letters that were under way. A rollback makes such backups on the newest schema.
#[tokio::test]
async fn a_backup_with_what_is_left_out_today_is_restored_without_it() {
    let house = House::new().await;
    house.signed_in().await;
    let backups = tempfile::tempdir().unwrap();
    let there = || BackupPlace::open(&BlobLocation::Folder(backups.path().to_owned())).unwrap();
    let (path, manifest) = back_up(&house, there()).await;
    let row = json!(["a letter", null, null, 1, 1, 0]).to_string();
    let sum = json!({ "rows": 1, "checksum": hexadecimal(row.as_bytes()) });
    let columns =
        json!({ "name": "letters", "columns": ["id", "user_id", "asked_for", "created_at", "due_at", "attempts"] });
    add_table(&backups.path().join(&path), &manifest.database, &format!("{columns}\n{row}\n"), ("letters", sum));

    let second = tempfile::tempdir().unwrap();
    let (copy, copied) = place(second.path()).await;
    let name = path.file_name().unwrap().to_str().unwrap();
    let backup = Backup::open(there(), name, None).await.unwrap();
    assert_eq!(backup.manifest.tables["letters"].rows, 1);
    backup.check(second.path()).await.unwrap();
    backup.restore(&copy, &copied, second.path()).await.unwrap();
    let tables = copy.tables().await.unwrap();
    let users = tables.iter().find(|table| table.name == "users").unwrap();
    assert_eq!(copy.count_rows(users).await.unwrap(), manifest.tables["users"].rows);
}

#[tokio::test]
async fn a_backup_of_another_schema_is_refused_before_the_database_has_any() {
    let house = House::new().await;
    let backups = tempfile::tempdir().unwrap();
    let there = || BackupPlace::open(&BlobLocation::Folder(backups.path().to_owned())).unwrap();
    let (path, manifest) = back_up(&house, there()).await;
    let file = backups.path().join(&path).join("backup.json");
    let mut said: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    said["schema_version"] = (manifest.schema_version - 1).into();
    fs::write(&file, said.to_string()).unwrap();

    let second = tempfile::tempdir().unwrap();
    let (copy, copied) = place(second.path()).await;
    let name = path.file_name().unwrap().to_str().unwrap();
    let backup = Backup::open(there(), name, None).await.unwrap();
    let failure = backup.restore(&copy, &copied, second.path()).await.unwrap_err();
    assert!(matches!(failure, BackupError::Schema { .. }), "{failure}");
    assert_eq!(copy.schema_version().await.unwrap(), 0, "the version that it names finds an empty database");
}

/// Appends a table to the rows of a backup, and writes it into what the backup says of itself.
fn add_table(backup: &Path, database: &str, lines: &str, (table, sum): (&str, Value)) {
    let rows = backup.join(database);
    let mut text = String::new();
    GzDecoder::new(fs::File::open(&rows).unwrap()).read_to_string(&mut text).unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all((text + lines).as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let file = backup.join("backup.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    manifest["tables"][table] = sum;
    manifest["database_sha256"] = hexadecimal(&packed).into();
    fs::write(&rows, packed).unwrap();
    fs::write(&file, manifest.to_string()).unwrap();
}

fn hexadecimal(bytes: &[u8]) -> String {
    packer::hash::Sha256(Sha256::digest(bytes).into()).to_string()
}
