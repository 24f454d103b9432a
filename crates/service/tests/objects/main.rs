//! Blobs in an object store: the same promises as in a folder, and a store that fails is an error and no loss.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod recorder;
mod signature;
mod signing;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use service::{BlobError, BlobLocation, Blobs, DatabaseLocation, S3Location, Store};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// The variable with the address of an object store for tests.
const ENDPOINT: &str = "TEST_S3_ENDPOINT";

fn endpoint() -> String {
    std::env::var(ENDPOINT).unwrap_or_else(|_| panic!("run `cargo xtask test`, or set {ENDPOINT}"))
}

fn location(endpoint: &str, bucket: &str) -> BlobLocation {
    BlobLocation::S3(Box::new(S3Location {
        bucket: bucket.to_owned(),
        prefix: "of/ours".to_owned(),
        endpoint: Some(endpoint.to_owned()),
        region: "us-east-1".to_owned(),
        access_key: "account".to_owned(),
        secret_key: "a secret key".into(),
    }))
}

/// Makes a bucket. The store for tests asks nobody who they are.
async fn bucket() -> String {
    let name = format!("books-{:032x}", rand::random::<u128>());
    let address = endpoint().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!("PUT /{name} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    name
}

struct House {
    blobs: Blobs,
    store: Store,
    _folder: TempDir,
}

impl House {
    async fn new(location: &BlobLocation) -> Self {
        let folder = TempDir::new().unwrap();
        let database = DatabaseLocation::Sqlite { file: folder.path().join("house.db") };
        let store = Store::open(&database).await.unwrap();
        store.migrate().await.unwrap();
        Self { blobs: Blobs::open(location).unwrap(), store, _folder: folder }
    }

    async fn keys(&self, folder: &str) -> Vec<String> {
        let stored: Vec<_> = self.blobs.list(folder).await.unwrap().try_collect().await.unwrap();
        assert!(stored.iter().all(|stored| stored.written_at.is_some()), "{stored:?}");
        stored.into_iter().map(|stored| stored.key).collect()
    }
}

fn chunks(count: u8, size: usize) -> Vec<Bytes> {
    (0..count).map(|number| Bytes::from(vec![number; size])).collect()
}

fn flowing(chunks: &[Bytes]) -> impl futures::Stream<Item = std::io::Result<Bytes>> + Unpin + Send + use<> {
    stream::iter(chunks.iter().cloned().map(Ok).collect::<Vec<_>>())
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_are_written_in_parts_summed_named_read_by_ranges_and_removed() {
    let house = House::new(&location(&endpoint(), &bucket().await)).await;
    // Larger than one part of an object, and no multiple of it.
    let written = chunks(21, 1_000_003);
    let whole = written.concat();
    let incoming = house.blobs.receive(flowing(&written), None).await.unwrap();
    assert_eq!((incoming.size, incoming.crc32.0), (whole.len() as u64, crc32fast::hash(&whole)));
    assert_eq!((house.keys("incoming/").await.len(), house.keys("sha256/").await.len()), (1, 0));
    let keeping = house.blobs.keep(&house.store).await.unwrap();
    house.blobs.adopt(&keeping, std::slice::from_ref(&incoming)).await.unwrap();
    drop(keeping);
    assert_eq!(house.keys("incoming/").await.len(), 0);
    assert_eq!(house.keys("sha256/").await, [Blobs::key(&incoming.sha256)]);
    assert_eq!(house.blobs.size(&incoming.sha256).await.unwrap(), Some(incoming.size));

    let range = 999_990..9_000_005_u64;
    let read: Vec<Bytes> =
        house.blobs.read(&incoming.sha256, range.clone()).await.unwrap().try_collect().await.unwrap();
    assert_eq!(read.concat(), &whole[999_990..9_000_005]);
    let mut blocking = house.blobs.open_blocking(&incoming.sha256, incoming.size).await.unwrap();
    let end = tokio::task::spawn_blocking(move || {
        use std::io::{Read, Seek, SeekFrom};
        let mut end = Vec::new();
        blocking.seek(SeekFrom::End(-10)).unwrap();
        blocking.read_to_end(&mut end).unwrap();
        end
    });
    assert_eq!(end.await.unwrap(), &whole[whole.len() - 10..]);

    let removing = house.blobs.begin_removing(&house.store).await.unwrap();
    house.blobs.remove(&removing, &incoming.sha256).await.unwrap();
    assert_eq!(house.blobs.size(&incoming.sha256).await.unwrap(), None);
    assert!(matches!(house.blobs.open_blocking(&incoming.sha256, 1).await, Err(BlobError::Missing(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_parts_that_go_together_and_away() {
    let house = House::new(&location(&endpoint(), &bucket().await)).await;
    let parts = chunks(3, 100_000);
    for (number, part) in parts.iter().enumerate() {
        house.blobs.put_part(&format!("uploads/one/{number}"), part.clone()).await.unwrap();
    }
    let keys = (0..3).map(|number| Ok((format!("uploads/one/{number}"), 100_000)));
    let whole = house.blobs.open_parts(stream::iter(keys).boxed());
    assert_eq!(whole.try_collect::<Vec<_>>().await.unwrap().concat(), parts.concat());
    house.blobs.remove_upload("uploads/one").await.unwrap();
    assert_eq!(house.keys("uploads/").await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_stays_of_bytes_that_break_off_or_are_not_what_was_announced() {
    let house = House::new(&location(&endpoint(), &bucket().await)).await;
    let written = chunks(20, 1_000_000);
    let wrong = house.blobs.receive(flowing(&written), Some(packer::hash::Sha256([0; 32]))).await;
    assert!(matches!(wrong, Err(BlobError::Mismatch { .. })), "{wrong:?}");
    let broken = flowing(&written).chain(stream::iter([Err(std::io::Error::other("gone"))]));
    assert!(matches!(house.blobs.receive(broken, None).await, Err(BlobError::Disk(_))));
    assert_eq!(house.keys("incoming/").await, Vec::<String>::new());
    house.blobs.receive(flowing(&written), None).await.unwrap();
    house.blobs.clear_incoming().await.unwrap();
    assert_eq!(house.keys("incoming/").await, Vec::<String>::new());
}

/// A store that answers each request as it is told, and counts them.
async fn odd_store(answer: &'static str) -> (SocketAddr, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            tokio::spawn(async move {
                let mut request = vec![0; 64 << 10];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (address, count)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_fails_is_asked_again_and_then_is_an_error() {
    let answer = "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let (address, count) = odd_store(answer).await;
    let house = House::new(&location(&format!("http://{address}"), "books")).await;
    let put = house.blobs.put_part("uploads/one/0", Bytes::from_static(b"part")).await;
    assert!(matches!(put, Err(BlobError::Store(_))), "{put:?}");
    assert!(count.load(std::sync::atomic::Ordering::Relaxed) > 1, "it was not asked again");
    assert!(house.blobs.ping().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_an_error_at_once() {
    let answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let (address, count) = odd_store(answer).await;
    let house = House::new(&location(&format!("http://{address}"), "books")).await;
    let start = Instant::now();
    assert!(house.blobs.put_part("uploads/one/0", Bytes::from_static(b"part")).await.is_err());
    assert_eq!(count.load(std::sync::atomic::Ordering::Relaxed), 1);
    assert!(start.elapsed() < Duration::from_secs(5));
}
