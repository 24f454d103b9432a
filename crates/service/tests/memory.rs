//! A large book goes through the blob store and memory stays flat. Alone in its binary: the peak is the process's.

use bytes::Bytes;
use futures::{StreamExt, stream};
use service::{BlobLocation, Blobs, DatabaseLocation, Store};

/// What one book may add to the peak: a few chunks, and what the runtime's threads take.
const MOST_ADDED_KIB: u64 = 32 << 10;
const CHUNK: usize = 1 << 20;
const CHUNKS: usize = 500;

/// The most memory that the process has ever had, in kibibytes.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells its processes what they take");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).expect("the peak is a number")
}

#[tokio::test]
async fn half_a_gigabyte_is_written_and_read_in_flat_memory() {
    let folder = tempfile::TempDir::new().unwrap();
    let database = DatabaseLocation::Sqlite { file: folder.path().join("house.db") };
    let store = Store::open(&database).await.unwrap();
    store.migrate().await.unwrap();
    let blobs = Blobs::open(&BlobLocation::Folder(folder.path().join("blobs"))).unwrap();
    let before = peak_kib();
    let chunks =
        stream::iter((0..CHUNKS).map(|number| Ok(Bytes::from(vec![u8::try_from(number % 251).unwrap(); CHUNK]))));
    let incoming = blobs.receive(chunks, None).await.unwrap();
    assert_eq!(incoming.size, (CHUNK * CHUNKS) as u64);
    let keeping = blobs.keep(&store).await.unwrap();
    blobs.adopt(&keeping, std::slice::from_ref(&incoming)).await.unwrap();
    let mut read = blobs.read(&incoming.sha256, 0..incoming.size).await.unwrap();
    let mut checksum = crc32fast::Hasher::new();
    while let Some(chunk) = read.next().await {
        checksum.update(&chunk.unwrap());
    }
    assert_eq!(checksum.finalize(), incoming.crc32.0);
    let added = peak_kib() - before;
    assert!(added < MOST_ADDED_KIB, "{added} KiB");
}
