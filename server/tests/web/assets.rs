//! The built site, read from a folder.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use server::assets::Assets;

use crate::harness::{House, request};

const HASHED: &str = "/pkg/ebook-scene-packer.0sYq2bT4Xk_9aZ-1mN3pQw.wasm";

async fn house_with_site() -> (House, tempfile::TempDir) {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir(site.path().join("pkg")).unwrap();
    std::fs::write(site.path().join(&HASHED[1..]), b"\0asm").unwrap();
    std::fs::write(site.path().join("favicon.svg"), b"<svg/>").unwrap();
    let mut house = House::new().await;
    house.state.assets = Assets::Folder(Arc::new(site.path().to_path_buf()));
    house.router = server::router(house.state.clone());
    (house, site)
}

#[tokio::test]
async fn files_of_the_site_are_for_everybody_and_hashed_ones_for_ever() {
    let (house, _site) = house_with_site().await;
    let wasm = house.get(HASHED).await;
    assert_eq!((wasm.status, wasm.header("content-type")), (StatusCode::OK, "application/wasm"));
    assert!(wasm.header("cache-control").contains("immutable"));
    assert_eq!(&wasm.body[..], b"\0asm");
    let icon = house.get("/favicon.svg").await;
    assert_eq!((icon.header("content-type"), icon.header("cache-control")), ("image/svg+xml", "no-cache"));
    let tag = icon.header("etag").to_owned();
    let again = house.send(request(Method::GET, "/favicon.svg", &[("if-none-match", &tag)])).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    let head = house.send(request(Method::HEAD, "/favicon.svg", &[])).await;
    assert_eq!((head.header("content-length"), head.body.len()), ("6", 0));
}

#[tokio::test]
async fn what_is_not_in_the_site_is_not_served_from_around_it() {
    let (house, site) = house_with_site().await;
    std::fs::write(site.path().join(".secret"), b"x").unwrap();
    for path in ["/.secret", "/pkg/../.secret", "/pkg/%2e%2e/.secret", "/../etc/passwd", "/pkg"] {
        let answer = house.get(path).await;
        assert_ne!(answer.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn without_a_built_site_pages_are_still_made() {
    let mut house = House::new().await;
    house.state.assets = Assets::Missing;
    house.router = server::router(house.state.clone());
    assert_eq!(house.get("/sign-in").await.status, StatusCode::OK);
    assert_ne!(house.get(HASHED).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_file_of_the_site_is_sent_as_it_was_built() {
    let (house, site) = house_with_site().await;
    std::fs::write(site.path().join("pkg/long.css"), "a{}".repeat(2_000)).unwrap();
    let style = house.send(request(Method::GET, "/pkg/long.css", &[("accept-encoding", "gzip")])).await;
    assert_eq!((style.status, style.body.len()), (StatusCode::OK, 6_000));
    assert!(!style.headers.contains_key("content-encoding"));
}
