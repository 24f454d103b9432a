//! Resumable uploads after tus 1.0.0.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use bytes::Bytes;
use cache::Clock;
use futures::SinkExt;
use sha2::Digest;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::harness::{Answer, House, book, noise, request, with_body};

const VERSION: (&str, &str) = ("tus-resumable", "1.0.0");
const PART: (&str, &str) = ("content-type", "application/offset+octet-stream");
/// `book.epub`.
const NAME: (&str, &str) = ("upload-metadata", "filename Ym9vay5lcHVi");

struct Client {
    house: House,
    bearer: String,
}

impl Client {
    async fn new() -> Self {
        let house = House::new().await;
        let bearer = house.signed_in().await;
        Self { house, bearer }
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let headers = [headers, &[("authorization", self.bearer.as_str())]].concat();
        self.house.send(with_body(method, path, &headers, body)).await
    }

    async fn create(&self, length: usize) -> String {
        let length = length.to_string();
        let headers = [VERSION, NAME, ("upload-length", length.as_str())];
        let answer = self.send(Method::POST, "/api/v1/uploads", &headers, "").await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        answer.header("location").to_owned()
    }

    async fn patch(&self, path: &str, offset: usize, bytes: &[u8]) -> Answer {
        let offset = offset.to_string();
        self.send(Method::PATCH, path, &[VERSION, PART, ("upload-offset", &offset)], bytes.to_vec()).await
    }

    async fn offset(&self, path: &str) -> usize {
        let answer = self.send(Method::HEAD, path, &[VERSION], "").await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.header("upload-offset").parse().unwrap()
    }
}

#[tokio::test]
async fn the_server_says_what_it_speaks_to_everybody() {
    let house = House::with(&[("UPLOAD_MAX_BYTES", "12345")]).await;
    let answer = house.send(request(Method::OPTIONS, "/api/v1/uploads", &[])).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!((answer.header("tus-version"), answer.header("tus-max-size")), ("1.0.0", "12345"));
    for extension in ["creation", "creation-with-upload", "expiration", "termination"] {
        assert!(answer.header("tus-extension").split(',').any(|spoken| spoken == extension), "{extension}");
    }
}

#[tokio::test]
async fn a_book_in_two_parts_becomes_a_release() {
    let client = Client::new().await;
    let book = book();
    let path = client.create(book.len()).await;
    let first = client.patch(&path, 0, &book[..100]).await;
    assert_eq!((first.status, first.header("upload-offset")), (StatusCode::NO_CONTENT, "100"));
    assert!(first.headers.contains_key("upload-expires") && !first.headers.contains_key("upload-release"));
    let head = client.send(Method::HEAD, &path, &[VERSION], "").await;
    assert_eq!(head.header("upload-length"), book.len().to_string());
    assert_eq!((head.header("upload-offset"), head.header("upload-metadata")), ("100", NAME.1));
    assert_eq!(head.header("cache-control"), "no-store");
    let last = client.patch(&path, 100, &book[100..]).await;
    assert_eq!(last.status, StatusCode::NO_CONTENT, "{}", last.text());
    let release = format!("/api/v1/releases/{}", last.header("upload-release"));
    let release = client.send(Method::GET, &release, &[], "").await;
    assert_eq!((release.status, &release.json()["size"]), (StatusCode::OK, &book.len().into()));
}

#[tokio::test]
async fn asking_for_the_offset_again_tells_the_release() {
    let client = Client::new().await;
    let book = book();
    let path = client.create(book.len()).await;
    let made = client.patch(&path, 0, &book).await;
    let asked = client.send(Method::HEAD, &path, &[VERSION], "").await;
    assert_eq!(asked.header("upload-offset"), book.len().to_string());
    assert_eq!(asked.header("upload-release"), made.header("upload-release"));
}

#[tokio::test]
async fn creation_may_carry_the_whole_book() {
    let client = Client::new().await;
    let book = book();
    let length = book.len().to_string();
    let headers = [VERSION, NAME, PART, ("upload-length", length.as_str())];
    let answer = client.send(Method::POST, "/api/v1/uploads", &headers, book).await;
    assert_eq!((answer.status, answer.header("upload-offset")), (StatusCode::CREATED, length.as_str()));
    assert!(answer.headers.contains_key("upload-release"));
}

#[tokio::test]
async fn what_breaks_the_protocol_is_refused_by_its_rules() {
    let client = Client::new().await;
    let path = client.create(10).await;
    let wrong_offset = client.patch(&path, 3, b"abc").await;
    assert_eq!((wrong_offset.status, &wrong_offset.json()["code"]), (StatusCode::CONFLICT, &"offset-mismatch".into()));
    let no_offset = client.send(Method::PATCH, &path, &[VERSION, PART], "abc").await;
    assert_eq!(no_offset.status, StatusCode::BAD_REQUEST);
    let wrong_type = [VERSION, ("content-type", "application/octet-stream"), ("upload-offset", "0")];
    assert_eq!(client.send(Method::PATCH, &path, &wrong_type, "abc").await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for version in [&[][..], &[("tus-resumable", "0.2.2")]] {
        let headers = [version, &[PART, ("upload-offset", "0")]].concat();
        let answer = client.send(Method::PATCH, &path, &headers, "abc").await;
        assert_eq!((answer.status, answer.header("tus-version")), (StatusCode::PRECONDITION_FAILED, "1.0.0"));
    }
    let unknown = client.patch("/api/v1/uploads/01ARZ3NDEKTSV4RRFFQ69G5FAV", 0, b"abc").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(client.patch("/api/v1/uploads/no-id", 0, b"abc").await.status, StatusCode::NOT_FOUND);
    assert_eq!(client.patch(&path, 0, b"eleven bytes").await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let no_length = client.send(Method::POST, "/api/v1/uploads", &[VERSION, NAME], "").await;
    assert_eq!(no_length.status, StatusCode::BAD_REQUEST);
    let deferred = [VERSION, NAME, ("upload-defer-length", "1")];
    assert_eq!(client.send(Method::POST, "/api/v1/uploads", &deferred, "").await.status, StatusCode::BAD_REQUEST);
    let nameless = [VERSION, ("upload-length", "1")];
    assert_eq!(
        client.send(Method::POST, "/api/v1/uploads", &nameless, "").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(client.offset(&path).await, 0, "something refused was kept");
}

#[tokio::test]
async fn a_book_over_the_limit_is_refused_with_the_limit_before_a_byte_is_taken() {
    let client = Client::new().await;
    let headers = [VERSION, NAME, ("upload-length", "500000001")];
    let answer = client.send(Method::POST, "/api/v1/uploads", &headers, "").await;
    assert_eq!((answer.status, &answer.json()["limit"]), (StatusCode::PAYLOAD_TOO_LARGE, &500_000_000.into()));
    assert_eq!(client.send(Method::GET, "/api/v1/uploads", &[], "").await.json(), serde_json::json!([]));
}

#[tokio::test]
async fn a_terminated_upload_is_gone() {
    let client = Client::new().await;
    let path = client.create(10).await;
    client.patch(&path, 0, b"abc").await;
    let overridden = [VERSION, ("x-http-method-override", "DELETE")];
    assert_eq!(client.send(Method::POST, &path, &overridden, "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(client.send(Method::HEAD, &path, &[VERSION], "").await.status, StatusCode::NOT_FOUND);
    let path = client.create(10).await;
    assert_eq!(client.send(Method::DELETE, &path, &[VERSION], "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(client.patch(&path, 0, b"abc").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_persons_upload_does_not_exist() {
    let client = Client::new().await;
    let path = client.create(10).await;
    let accounts = client.house.state.services.accounts();
    let password = service::SecretString::from("another long password".to_owned());
    accounts.create_administrator("somebody-else", &password).await.unwrap();
    let token = client.house.sign_in("somebody-else", "another long password").await.json()["access_token"].clone();
    let bearer = format!("Bearer {}", token.as_str().unwrap());
    let answer = client.house.send(request(Method::HEAD, &path, &[VERSION, ("authorization", &bearer)])).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn after_a_cut_connection_the_upload_goes_on_at_an_odd_byte() {
    let client = Client::new().await;
    let listening = client.house.listen().await;
    // More than one part of eight mebibytes, and an odd number of bytes beyond it.
    let bytes = noise((9 << 20) + 12_345);
    let cut = (8 << 20) + 77_777;
    let path = client.create(bytes.len()).await;

    let mut stream = TcpStream::connect(listening.address).await.unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n\
         Content-Type: application/offset+octet-stream\r\nContent-Length: {}\r\n\r\n",
        listening.address,
        client.bearer,
        bytes.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&bytes[..cut]).await.unwrap();
    stream.flush().await.unwrap();
    // Everything has arrived once the first part is durable; the rest is what the cut leaves in memory.
    wait_for(&client, &path, 8 << 20).await.unwrap();
    drop(stream);
    wait_for(&client, &path, cut).await.unwrap();

    let rest = client.patch(&path, cut, &bytes[cut..]).await;
    assert_eq!(rest.status, StatusCode::NO_CONTENT, "{}", rest.text());
    let release = format!("/api/v1/releases/{}", rest.header("upload-release"));
    let release = client.send(Method::GET, &release, &[], "").await.json();
    let digest = sha2::Sha256::digest(&bytes);
    let expected = digest.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    assert_eq!(release["book"]["sha256"], expected);
    listening.shutdown.cancel();
    listening.task.await.unwrap().unwrap();
}

/// A clock that is moved by hand.
#[derive(Debug)]
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn whoever_was_signed_out_sends_no_more_of_a_body_that_trickles() {
    let mut client = Client::new().await;
    let clock = Arc::new(Hands(AtomicI64::new(client.house.state.clock.now_ms())));
    client.house.state.clock = clock.clone();
    client.house.router = server::router(client.house.state.clone());
    let accounts = client.house.state.services.accounts();
    let token = client.bearer.trim_start_matches("Bearer ").to_owned();
    for ends in [false, true] {
        // A byte more than comes: nothing is completed, which would ask again.
        let path = client.create(7).await;
        let (mut parts, body) = futures::channel::mpsc::channel::<io::Result<Bytes>>(0);
        let headers = [VERSION, PART, ("upload-offset", "0"), ("authorization", client.bearer.as_str())];
        let patch = with_body(Method::PATCH, &path, &headers, Body::from_stream(body));
        let sending = async {
            // The third is taken once the first was read.
            for part in ["ab", "c", "d"] {
                parts.send(Ok(Bytes::from_static(part.as_bytes()))).await.unwrap();
            }
            if ends {
                accounts.sign_out(&accounts.authenticate(&token).await.unwrap()).await.unwrap();
            }
            clock.0.fetch_add(61_000, Ordering::SeqCst);
            // Whoever no longer listens has refused.
            let _ = parts.send(Ok(Bytes::from_static(b"ef"))).await;
            drop(parts);
        };
        let (answer, ()) = tokio::join!(client.house.send(patch), sending);
        let expected = if ends { StatusCode::UNAUTHORIZED } else { StatusCode::NO_CONTENT };
        assert_eq!(answer.status, expected, "{}", answer.text());
    }
}

async fn wait_for(client: &Client, path: &str, offset: usize) -> io::Result<()> {
    let waiting = async {
        while client.offset(path).await < offset {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.map_err(io::Error::from)
}
