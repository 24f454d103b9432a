//! A book in volumes in ZIPs comes out again byte for byte.

use std::{
    fs::{self, File},
    io::{Seek, SeekFrom, Write},
    path::Path,
};

use packer::{
    archive::{
        rar::{Volume, VolumeLayout, volume_name},
        volume_zip::{VolumeZip, zip_name},
    },
    date::ReleaseDate,
    hash::Crc32,
    sums::SummedReader,
};

use crate::{foreign::content, sample::bytes};

const BASE: &str = "abc123";
const BOOK: &str = "Author.Title.2026.RETAiL.ePUB.eBOOK-GRP.epub";

fn date() -> ReleaseDate {
    "2026-11-22".parse().unwrap()
}

/// Bytes of a lone volume that are not the book's.
fn lone_headers() -> usize {
    let layout = VolumeLayout::new(0, BOOK.len(), 1_000_000).unwrap();
    usize::try_from(layout.size_of(0)).unwrap()
}

fn write_zips(directory: &Path, book: &[u8], volume_size: u64) -> u32 {
    let layout = VolumeLayout::new(book.len() as u64, BOOK.len(), volume_size).unwrap();
    let mut source = book;
    let mut reader = SummedReader::new(&mut source);
    for index in 0..layout.volumes() {
        let volume = Volume { layout: &layout, index, book_name: BOOK, date: date() };
        let zip = VolumeZip { volume, base: BASE, diz: b"a disk\r\n", nfo: b"an info\r\n" };
        let mut file = File::create(directory.join(zip.name())).unwrap();
        zip.write(&mut reader, &mut file).unwrap();
    }
    layout.volumes()
}

/// Packs, unzips every ZIP, unpacks the first volume with the others beside it, and compares.
fn comes_out_whole(book_size: usize, volume_size: u64, volumes: u32) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let book = bytes(book_size);
    assert_eq!(write_zips(path, &book, volume_size), volumes, "{book_size} in {volume_size}");
    for index in 0..volumes {
        let zip = zip_name(BASE, index);
        content(path, "unzip", &["-tqq", &zip]);
        content(path, "unzip", &["-qq", "-o", &zip]);
        let size = fs::metadata(path.join(volume_name(BASE, index))).unwrap().len();
        assert!(if index + 1 < volumes { size == volume_size } else { size <= volume_size }, "volume {index}: {size}");
    }
    let first = volume_name(BASE, 0);
    let listed = content(path, "lsar", &["-t", &first]);
    assert!(listed.contains(BOOK) && listed.contains("OK"), "{listed}");
    content(path, "unar", &["-quiet", "-force-overwrite", "-no-directory", "-output-directory", "out", &first]);
    assert!(fs::read(path.join("out").join(BOOK)).unwrap() == book, "{book_size} in {volume_size}: other bytes");
    if volumes == 1 {
        assert_eq!(content(path, "bsdtar", &["-tf", &first]).trim(), BOOK);
        let output = crate::foreign::run(path, "bsdtar", &["-xOf", &first]);
        assert!(output.status.success() && output.stdout == book, "bsdtar gives other bytes");
    }
}

#[test]
fn a_small_book_is_one_volume() {
    comes_out_whole(1, 1_000_000, 1);
    comes_out_whole(300_000, 1_000_000, 1);
}

#[test]
fn a_book_around_the_end_of_a_volume_comes_out_whole() {
    let full = 20_000 - lone_headers();
    comes_out_whole(full - 1, 20_000, 1);
    comes_out_whole(full, 20_000, 1);
    comes_out_whole(full + 1, 20_000, 2);
    comes_out_whole(2 * (full - 2), 20_000, 2);
}

#[test]
fn a_last_volume_of_one_byte_comes_out_whole() {
    comes_out_whole(2 * (20_000 - lone_headers() - 2) + 1, 20_000, 3);
}

#[test]
fn twelve_volumes_come_out_whole() {
    comes_out_whole(1_150_000, 100_000, 12);
}

#[test]
fn ninety_nine_volumes_come_out_whole() {
    comes_out_whole(99 * (1_000 - lone_headers() - 2), 1_000, 99);
}

#[test]
fn a_damaged_volume_is_seen_by_a_foreign_reader() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    write_zips(path, &bytes(50_000), 20_000);
    for index in 0..3 {
        content(path, "unzip", &["-qq", "-o", &zip_name(BASE, index)]);
    }
    let mut file = File::options().write(true).open(path.join(volume_name(BASE, 1))).unwrap();
    file.seek(SeekFrom::Start(10_000)).unwrap();
    file.write_all(b"damage").unwrap();
    let output = crate::foreign::run(path, "lsar", &["-t", &volume_name(BASE, 0)]);
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_book_beyond_4_gib_has_its_whole_size_in_the_headers() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let size = (5_u64 << 30) + 7;
    let layout = VolumeLayout::new(size, BOOK.len(), 250_000_000).unwrap();
    for index in 0..layout.volumes() {
        let volume = Volume { layout: &layout, index, book_name: BOOK, date: date() };
        let (opening, closing) = (volume.opening(Crc32(0)), volume.closing());
        // Holes stand for the book: a lister reads headers only.
        let mut file = File::create(path.join(volume_name(BASE, index))).unwrap();
        file.write_all(&opening).unwrap();
        file.seek(SeekFrom::Current(i64::try_from(layout.data_of(index)).unwrap())).unwrap();
        file.write_all(&closing).unwrap();
    }
    let listed = content(path, "lsar", &["-json", &volume_name(BASE, 0)]);
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let entry = &listed["lsarContents"][0];
    assert_eq!(entry["XADFileName"], BOOK);
    assert_eq!(entry["XADFileSize"], size);
    assert_eq!(entry["XADCompressedSize"], size);
}
