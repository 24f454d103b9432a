//! `backup` and `restore`, as an operator calls them.

use std::{fs, path::PathBuf};

use crate::binary::{Place, Run};

fn run(place: &Place, data: &str, arguments: &[&str]) -> Run {
    let mut command = place.command(arguments);
    command.env("DATA_DIR", place.path().join(data)).env("LOG_LEVEL", "ERROR");
    Run::of(&command.output().unwrap())
}

/// A place with an administrator, and the one backup that was made of it.
fn backed_up(more: &[&str]) -> (Place, PathBuf) {
    let place = Place::new();
    let made = run(&place, "first", &["create-admin", "--username", "ada"]);
    assert_eq!(made.code, 0, "{made:?}");
    let backup = run(&place, "first", &[&["backup", "backups"], more].concat());
    assert_eq!(backup.code, 0, "{backup:?}");
    assert!(backup.results.contains("read again and found whole"), "{backup:?}");
    (place, PathBuf::from(backup.results.split(':').next().unwrap()))
}

#[test]
fn what_is_backed_up_comes_back_into_an_empty_place_and_only_there() {
    let (place, backup) = backed_up(&[]);
    let backup = backup.to_str().unwrap();
    let checked = run(&place, "elsewhere", &["restore", backup, "--check"]);
    assert_eq!((checked.code, checked.results.contains("whole")), (0, true), "{checked:?}");
    let restored = run(&place, "second", &["restore", backup]);
    assert_eq!((restored.code, restored.results.contains("equal")), (0, true), "{restored:?}");
    assert!(restored.results.contains("everybody signs in again"), "{restored:?}");
    // The account is there again: a second one of the name is refused.
    let again = run(&place, "second", &["create-admin", "--username", "ada"]);
    assert_eq!(again.code, 4, "{again:?}");
    let twice = run(&place, "second", &["restore", backup]);
    assert_eq!(twice.code, 4, "{twice:?}");
    assert!(twice.messages.contains("into an empty one only"), "{twice:?}");
}

#[test]
fn a_backup_that_was_changed_is_noticed_and_leaves_the_place_empty() {
    let (place, backup) = backed_up(&[]);
    let rows = place.path().join(&backup).join("database.ndjson.gz");
    let mut bytes = fs::read(&rows).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&rows, bytes).unwrap();
    let backup = backup.to_str().unwrap();
    let checked = run(&place, "elsewhere", &["restore", backup, "--check"]);
    assert_eq!((checked.code, checked.messages.contains("damaged")), (1, true), "{checked:?}");
    let restored = run(&place, "second", &["restore", backup]);
    assert_eq!(restored.code, 1, "{restored:?}");
    assert_eq!(run(&place, "second", &["create-admin", "--username", "ada"]).code, 0);
}

#[test]
fn what_was_not_finished_is_no_backup_and_old_ones_go_but_never_the_newest() {
    let (place, backup) = backed_up(&[]);
    fs::create_dir(place.path().join("backups/20200101T000000Z.unfinished")).unwrap();
    let old = place.path().join("backups/20200101T000000Z");
    fs::create_dir(&old).unwrap();
    for name in ["backup.json", "blobs.txt", "database.ndjson.gz"] {
        fs::copy(place.path().join(&backup).join(name), old.join(name)).unwrap();
    }
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_hours(24 * 30);
    fs::File::options().write(true).open(old.join("backup.json")).unwrap().set_modified(long_ago).unwrap();
    let missing = run(&place, "second", &["restore", "backups"]);
    assert_eq!((missing.code, missing.messages.contains("no complete backup")), (3, true), "{missing:?}");
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let second = run(&place, "first", &["backup", "backups", "--keep-days", "14"]);
    assert!(second.results.contains("1 older backups removed"), "{second:?}");
    let left: Vec<_> = place.names("backups").into_iter().filter(|name| name.starts_with("20")).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn an_encrypted_backup_opens_with_its_key_and_with_no_other() {
    let keys = Place::new();
    for name in ["right.key", "wrong.key"] {
        keys.foreign(".", "age-keygen", &["--output", name]);
    }
    let key = |name: &str| keys.path().join(name).to_str().unwrap().to_owned();
    let recipient = keys.foreign(".", "age-keygen", &["-y", "right.key"]);
    let (place, backup) = backed_up(&["--recipient", recipient.trim()]);
    let backup = backup.to_str().unwrap();
    assert!(!place.path().join(backup).join("database.ndjson.gz").exists());
    let none = run(&place, "second", &["restore", backup]);
    assert_eq!((none.code, none.messages.contains("--identity")), (4, true), "{none:?}");
    let wrong = run(&place, "second", &["restore", backup, "--identity", &key("wrong.key")]);
    assert_eq!(wrong.code, 3, "{wrong:?}");
    let restored = run(&place, "second", &["restore", backup, "--identity", &key("right.key")]);
    assert_eq!((restored.code, restored.results.contains("equal")), (0, true), "{restored:?}");
}
