//! Every kind of request that our store of blobs sends, and how it is signed.

use bytes::Bytes;
use futures::TryStreamExt;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use packer::hash::Sha256;

use crate::{
    House, chunks, flowing, location,
    recorder::Recorder,
    signature::{Account, Request, sha256},
};

/// The account of [`location`].
const OURS: Account<'_> = Account { access_key: "account", secret_key: "a secret key", region: "us-east-1" };
const WRONG: Account<'_> = Account { secret_key: "a secret kez", ..OURS };

/// How far the clock of a store may be from that of whoever signs.
const SKEW_S: i64 = 15 * 60;

/// The names of the headers that were signed.
fn signed(request: &Request) -> &str {
    let mut parts = request.header("authorization").split(", ");
    let headers = parts.find_map(|part| part.strip_prefix("SignedHeaders="));
    headers.unwrap_or_else(|| panic!("it is not signed: {request:?}"))
}

fn is_signed_by(account: &Account<'_>, request: &Request) -> bool {
    request.header("authorization") == account.authorization(request, signed(request))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_is_signed_with_the_key_of_the_account() {
    let recorder = Recorder::start().await;
    let house = House::new(&location(&format!("http://{}", recorder.address), "books")).await;
    house.blobs.put_part("uploads/one/0", Bytes::from_static(b"part")).await.unwrap();
    // Larger than one part of an object.
    house.blobs.receive(flowing(&chunks(9, 1_000_000)), None).await.unwrap();
    let read: Vec<Bytes> = house.blobs.read(&Sha256([7; 32]), 10..30).await.unwrap().try_collect().await.unwrap();
    assert_eq!(read.concat(), [b'x'; 20]);

    let requests = recorder.requests();
    let is_there = |method: &str, query: &str| {
        requests.iter().any(|request| request.method == method && request.query.starts_with(query))
    };
    for (method, query) in [("PUT", ""), ("POST", "uploads"), ("PUT", "partNumber=1"), ("PUT", "partNumber=2")] {
        assert!(is_there(method, query), "{method} {query}: {requests:#?}");
    }
    let ranged = requests.iter().find(|request| request.method == "GET").unwrap();
    assert_eq!(ranged.header("range"), "bytes=10-29");
    for request in &requests {
        let names: Vec<_> = signed(request).split(';').collect();
        for name in ["host", "x-amz-content-sha256", "x-amz-date"] {
            assert!(names.contains(&name), "{name} is not signed: {request:?}");
        }
        let payload = request.header("x-amz-content-sha256");
        assert!(payload == "UNSIGNED-PAYLOAD" || payload == sha256(&request.body), "{request:?}");
        let date = DateTime::strptime("%Y%m%dT%H%M%SZ", request.header("x-amz-date")).unwrap();
        let date = date.to_zoned(TimeZone::UTC).unwrap().timestamp();
        assert!((Timestamp::now().as_second() - date.as_second()).abs() < SKEW_S, "{date}");
        let expected = OURS.authorization(request, signed(request));
        assert_eq!(request.header("authorization"), expected, "{} {}?{}", request.method, request.path, request.query);
        assert!(!is_signed_by(&WRONG, request), "another key makes the same signature");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_makes_another_signature() {
    let recorder = Recorder::start().await;
    let service::BlobLocation::S3(mut place) = location(&format!("http://{}", recorder.address), "books") else {
        panic!("it is in an object store");
    };
    place.secret_key = WRONG.secret_key.into();
    let house = House::new(&service::BlobLocation::S3(place)).await;
    house.blobs.put_part("uploads/one/0", Bytes::from_static(b"part")).await.unwrap();
    let requests = recorder.requests();
    assert!(!requests.is_empty());
    for request in &requests {
        assert!(is_signed_by(&WRONG, request) && !is_signed_by(&OURS, request), "{request:?}");
    }
}
