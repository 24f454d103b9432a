//! A book in one form.

use std::convert::Infallible;

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use bytes::Bytes;
use futures::stream;

use crate::harness::{FORM_TAIL, FORM_TYPE, House, ORIGIN, book, form, form_head, request, with_body};

#[tokio::test]
async fn a_program_gets_the_release_and_a_browser_its_page() {
    let house = House::new().await;
    let bearer = house.signed_in().await;
    let headers = [("authorization", bearer.as_str()), ("content-type", FORM_TYPE)];
    let answer = house.send(with_body(Method::POST, "/api/v1/books", &headers, form("book.epub", &book()))).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let release = answer.json()["release"].as_str().unwrap().to_owned();
    let headers = [&headers[..], &[("accept", "text/html"), ("origin", ORIGIN)]].concat();
    let answer = house.send(with_body(Method::POST, "/api/v1/books", &headers, form("two.epub", &book()))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header("location").starts_with("/releases/"));
    assert!(!answer.header("location").contains(&release), "two forms, one release");
}

#[tokio::test]
async fn a_form_that_is_refused_leaves_nothing_behind() {
    let house = House::with(&[("UPLOAD_MAX_BYTES", "1000")]).await;
    let bearer = house.signed_in().await;
    let auth = ("authorization", bearer.as_str());
    let headers = [auth, ("content-type", FORM_TYPE)];
    let too_large = house.send(with_body(Method::POST, "/api/v1/books", &headers, form("a.epub", &[1; 1001]))).await;
    assert_eq!((too_large.status, &too_large.json()["limit"]), (StatusCode::PAYLOAD_TOO_LARGE, &1000.into()));
    let mut cut = form_head("a.epub");
    cut.extend_from_slice(b"half a b");
    let cut = house.send(with_body(Method::POST, "/api/v1/books", &headers, cut)).await;
    assert_eq!(cut.status, StatusCode::BAD_REQUEST, "{}", cut.text());
    let empty = house.send(with_body(Method::POST, "/api/v1/books", &headers, "------boundary--\r\n")).await;
    assert_eq!((empty.status, &empty.json()["code"]), (StatusCode::BAD_REQUEST, &"no-file".into()));
    let no_form = [auth, ("content-type", "text/plain")];
    let no_form = house.send(with_body(Method::POST, "/api/v1/books", &no_form, "x")).await;
    assert_eq!(no_form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let uploads = house.send(request(Method::GET, "/api/v1/uploads", &[auth])).await.json();
    let releases = house.send(request(Method::GET, "/api/v1/releases", &[auth])).await.json();
    assert_eq!((uploads, &releases["items"]), (serde_json::json!([]), &serde_json::json!([])));
}

#[tokio::test]
async fn a_form_holds_one_file_and_its_group_may_come_after_it() {
    let house = House::new().await;
    let bearer = house.signed_in().await;
    let auth = ("authorization", bearer.as_str());
    let headers = [auth, ("content-type", FORM_TYPE)];
    let mut two = form_head("one.epub");
    two.extend_from_slice(&book());
    two.extend_from_slice(b"\r\n");
    two.extend_from_slice(&form("two.epub", &book()));
    let two = house.send(with_body(Method::POST, "/api/v1/books", &headers, two)).await;
    assert_eq!((two.status, &two.json()["code"]), (StatusCode::BAD_REQUEST, &"one-file".into()));
    let mut late = form_head("one.epub");
    late.extend_from_slice(&book());
    late.extend_from_slice(b"\r\n------boundary\r\nContent-Disposition: form-data; name=\"group\"\r\n\r\nnone");
    late.extend_from_slice(FORM_TAIL);
    let late = house.send(with_body(Method::POST, "/api/v1/books", &headers, late)).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.text());
    let uploads = house.send(request(Method::GET, "/api/v1/uploads", &[auth])).await.json();
    let releases = house.send(request(Method::GET, "/api/v1/releases", &[auth])).await.json();
    assert_eq!((uploads, &releases["items"]), (serde_json::json!([]), &serde_json::json!([])));
}

#[tokio::test]
async fn three_hundred_megabytes_pass_without_staying_in_memory() {
    const CHUNK: usize = 64 * 1024;
    const CHUNKS: usize = 300_000_000 / CHUNK;

    let house = House::new().await;
    let bearer = house.signed_in().await;
    let headers = [("authorization", bearer.as_str()), ("content-type", FORM_TYPE)];
    // One small book first, so that what is allocated once does not count.
    house.send(with_body(Method::POST, "/api/v1/books", &headers, form("small.epub", &book()))).await;
    let before = server::metrics::resident_bytes().unwrap();
    let chunk = Bytes::from(vec![7; CHUNK]);
    let file = (0..CHUNKS).map(move |_| chunk.clone());
    let parts =
        std::iter::once(Bytes::from(form_head("large.epub"))).chain(file).chain([Bytes::from_static(FORM_TAIL)]);
    let body = Body::from_stream(stream::iter(parts.map(Ok::<_, Infallible>)));
    let answer = house.send(with_body(Method::POST, "/api/v1/books", &headers, body)).await;
    let after = server::metrics::resident_bytes().unwrap();
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    // Other tests of this process run beside it, hence the room; the book is five times as large.
    let grown = after.saturating_sub(before);
    assert!(grown < 60_000_000, "{grown} bytes more");
}
