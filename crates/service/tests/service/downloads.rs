//! Downloads: file by file or whole, from any byte on.

use std::collections::BTreeMap;

use crate::house::{House, book, collect};

#[tokio::test]
async fn a_whole_package_is_one_archive_of_the_announced_size_and_the_same_bytes_each_time() {
    let (house, admin) = House::new().await;
    let (release, id) = house.packed(&admin, &book("Whole")).await;
    let packages = house.services.packages();
    let archive = packages.open_archive(&admin, id, None).await.unwrap();
    let (size, name) = (archive.size, release.summary.name.unwrap());
    assert_eq!(archive.file_name, format!("{name}.zip"));
    let bytes = collect(archive.body).await;
    assert_eq!(bytes.len() as u64, size);
    let again = packages.open_archive(&admin, id, None).await.unwrap();
    assert_eq!(collect(again.body).await, bytes);

    let package = packages.lookup(&admin, id).await.unwrap();
    let zip = rawzip::ZipArchive::from_slice(&bytes).unwrap();
    let mut found = BTreeMap::new();
    for record in zip.entries() {
        let record = record.unwrap();
        let entry = zip.get_entry(record.wayfinder()).unwrap();
        assert_eq!(crc32fast::hash(entry.data()), record.crc32());
        found.insert(String::from_utf8(record.file_path().as_bytes().to_vec()).unwrap(), entry.data().len() as u64);
    }
    let expected = package.files.iter().map(|file| (format!("{name}/{}", file.path), file.size));
    assert_eq!(found, expected.collect());
}

#[tokio::test]
async fn an_archive_and_a_file_are_read_from_any_byte_on() {
    let (house, admin) = House::new().await;
    let (_, id) = house.packed(&admin, &book("From Anywhere")).await;
    let packages = house.services.packages();
    let archive = packages.open_archive(&admin, id, None).await.unwrap();
    let size = archive.size;
    let bytes = collect(archive.body).await;
    let mut ranges: Vec<_> = (0..size).step_by(37).map(|start| start..size).collect();
    ranges.extend([0..1, 5..5, 40..41, size - 1..size, size..size, 100..u64::MAX]);
    for range in ranges {
        let part = packages.open_archive(&admin, id, Some(range.clone())).await.unwrap();
        assert_eq!(part.size, size);
        let (start, end) = (usize::try_from(range.start).unwrap(), usize::try_from(range.end.min(size)).unwrap());
        assert_eq!(collect(part.body).await, bytes[start..end], "{range:?}");
    }
    let (file, whole) = packages.open_file(&admin, id, 0, None).await.unwrap();
    let whole = collect(whole).await;
    let (_, part) = packages.open_file(&admin, id, 0, Some(3..file.size + 10)).await.unwrap();
    assert_eq!(collect(part).await, whole[3..]);
    assert_eq!(packages.open_file(&admin, id, 999, None).await.err().unwrap().code(), "not-found");
}
