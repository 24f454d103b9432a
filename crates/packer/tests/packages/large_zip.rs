//! Beyond 4 GiB a stored ZIP has 64-bit fields, and other readers find them.

use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
};

use packer::{
    archive::zip_store::{StoredEntry, StoredZip},
    hash::Crc32,
};

use crate::foreign::content;

#[test]
fn an_entry_beyond_4_gib_and_the_one_behind_it_are_found() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let entry = |name: &str, size: u64, crc32: u32| StoredEntry { name: name.to_owned(), size, crc32: Crc32(crc32) };
    let large = (4 << 30) + 5;
    let entries = vec![entry("large", large, 0), entry("behind", 4, crc32fast::hash(b"here"))];
    let zip = StoredZip::new("2026-11-22".parse().unwrap(), entries).unwrap();
    // A hole stands for the large entry: listing and the other entry do not read it.
    let mut file = File::create(path.join("large.zip")).unwrap();
    file.write_all(&zip.header(0)).unwrap();
    file.seek(SeekFrom::Current(i64::try_from(large).unwrap())).unwrap();
    assert_eq!(file.stream_position().unwrap(), zip.header_offset(1));
    file.write_all(&zip.header(1)).unwrap();
    file.write_all(b"here").unwrap();
    file.write_all(&zip.directory()).unwrap();
    assert_eq!(file.stream_position().unwrap(), zip.size());

    let listed = content(path, "unzip", &["-l", "large.zip"]);
    assert!(listed.contains(&large.to_string()), "{listed}");
    assert_eq!(content(path, "unzip", &["-p", "large.zip", "behind"]), "here");
    let listed = content(path, "bsdtar", &["-tvf", "large.zip"]);
    assert!(listed.contains(&large.to_string()), "{listed}");
}
