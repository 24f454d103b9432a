//! Covers on their way out, whole and small.

use std::io::Cursor;

use axum::http::{Method, StatusCode};
use image::{ImageFormat, Rgb, RgbImage};
use packer::builder::Book;

use crate::harness::{FORM_TYPE, House, form, request, with_body};

/// A PNG with no two lines alike.
pub(crate) fn painted() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let colour = |x: u32, y: u32| Rgb([x * y % 251, x % 241, y % 239].map(|part| u8::try_from(part).unwrap()));
    RgbImage::from_fn(300, 450, colour).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Sends a book with a cover, and gives its release once it was read.
pub(crate) async fn covered(house: &House, bearer: &str, image: Vec<u8>) -> String {
    let book =
        Book::epub3().title("Covered").item("cover", "cover.png", "image/png", "properties=\"cover-image\"", image);
    let headers = [("authorization", bearer), ("content-type", FORM_TYPE)];
    let form = form("covered.epub", &book.build());
    let sent = house.send(with_body(Method::POST, "/api/v1/books", &headers, form)).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    let release = sent.json()["release"].as_str().unwrap().to_owned();
    house.until_status(bearer, &release, "draft").await;
    release
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_shows_covers_small_and_whoever_has_one_asks_anew_and_gets_no_bytes() {
    House::on_both_engines(a_list_shows_covers_small).await;
}

async fn a_list_shows_covers_small(house: House) {
    let admin = house.signed_in().await;
    let _working = house.worker();
    let image = painted();
    let release = covered(&house, &admin, image.clone()).await;
    let path = format!("/api/v1/releases/{release}/cover");
    let send = async |method: Method, path: &str, more: &[(&str, &str)]| {
        let headers = [more, &[("authorization", admin.as_str())]].concat();
        house.send(request(method, path, &headers)).await
    };
    let whole = send(Method::GET, &path, &[]).await;
    assert_eq!((whole.status, whole.header("content-type")), (StatusCode::OK, "image/png"));
    assert_eq!(whole.body, image);
    assert_eq!(whole.header("cache-control"), "private, no-cache");

    let small = format!("{path}/small");
    let answer = send(Method::GET, &small, &[]).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "image/jpeg"));
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    assert!(answer.header("content-security-policy").contains("sandbox"));
    assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.body.starts_with(b"\xff\xd8\xff") && answer.body.len() * 4 < image.len(), "{}", answer.body.len());
    assert_eq!(answer.header("content-length"), answer.body.len().to_string());
    let tag = answer.header("etag");
    assert_ne!(tag, whole.header("etag"));
    let known = send(Method::GET, &small, &[("if-none-match", tag)]).await;
    assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!((known.header("etag"), known.header("cache-control")), (tag, "private, no-cache"));
    assert_eq!(known.header("content-security-policy"), answer.header("content-security-policy"));
    let head = send(Method::HEAD, &small, &[]).await;
    assert_eq!((head.header("content-length"), head.body.len()), (answer.header("content-length"), 0));
    let part = send(Method::GET, &small, &[("range", "bytes=3-9")]).await;
    assert_eq!((part.status, part.body), (StatusCode::OK, answer.body.clone()));

    let page = send(Method::GET, "/releases", &[("accept", "text/html")]).await.text();
    let shown = page.split("<img").find(|shown| shown.contains(&small)).expect("the list shows the small one");
    let shown = shown.split('>').next().unwrap();
    for part in ["width=\"72\"", "height=\"108\"", "loading=\"lazy\"", "alt"] {
        assert!(shown.contains(part), "{shown}");
    }
    assert!(!page.contains(&format!("{path}\"")), "and the whole one nowhere");

    // Nobody looks for the bytes that somebody has: here they are gone, and only whoever has none is sent the whole cover.
    std::fs::remove_file(house.blob(tag.trim_matches('"'))).unwrap();
    let known = send(Method::GET, &small, &[("if-none-match", tag)]).await;
    assert_eq!((known.status, known.header("etag")), (StatusCode::NOT_MODIFIED, tag));
    let unknown = send(Method::GET, &small, &[]).await;
    assert_eq!((unknown.header("etag"), &unknown.body[..]), (whole.header("etag"), &image[..]));
    // Nor is anybody else told that nothing changed: who has signed out, or is somebody else, is asked again.
    let nobody = house.send(request(Method::GET, &small, &[("if-none-match", tag)])).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);

    // What is no picture comes as it is, until its book is read again.
    let cut = image[..200].to_vec();
    let broken = covered(&house, &admin, cut.clone()).await;
    let answer = send(Method::GET, &format!("/api/v1/releases/{broken}/cover/small"), &[]).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "image/png"));
    assert_eq!((answer.body.as_ref(), answer.header("cache-control")), (cut.as_slice(), "private, no-cache"));
    let bare = house.draft(&admin).await;
    let answer = send(Method::GET, &format!("/api/v1/releases/{bare}/cover/small"), &[]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::NOT_FOUND, "no-store"));
    // Whoever does not see the release sees no picture of it.
    let stranger = house.person(&admin, "stranger", "editor").await;
    let answer =
        house.send(request(Method::GET, &small, &[("authorization", &stranger), ("if-none-match", tag)])).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
