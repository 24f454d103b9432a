//! Addresses that people and books name: none of them is ever asked.

use std::{io, net::TcpListener, sync::atomic::Ordering};

use axum::http::{Method, StatusCode};
use packer::builder::Book;
use serde_json::json;
use service::{BlobLocation, Blobs, S3Location};

use crate::{
    harness::{FORM_TYPE, House, ORIGIN, form, request, with_body},
    one_answer,
};

/// A book that names an address wherever a book can: in its metadata, as a resource, in its text, in an entity.
fn book(address: &str) -> Vec<u8> {
    let sibling = format!("{address}/image.png");
    Book::epub3()
        .title("Elsewhere")
        .creator("Ada Lovelace")
        .metadata(&format!("<dc:source>{address}/source</dc:source>"))
        .metadata(&format!("<dc:identifier>{address}/identifier</dc:identifier>"))
        .metadata(&format!("<link rel=\"record\" href=\"{address}/record.xml\" media-type=\"application/marc\"/>"))
        .declared("remote", &sibling, "image/png", "")
        .body(&format!(
            "<p><a href=\"{address}/link\">x</a><img src=\"{sibling}\" alt=\"\"/></p><script src=\"{address}/s.js\"></script>"
        ))
        .build()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_address_that_a_book_or_a_field_names_is_ever_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let house = House::new().await;
    let admin = house.signed_in().await;
    let _working = house.worker();
    let group = house.json(Method::POST, "/api/v1/groups", &admin, &json!({ "tag": "GRP" })).await.json();
    for bytes in [book(&address), Book::epub3().title("Entity").creator("Ada").external_entity().build()] {
        let headers = [("authorization", admin.as_str()), ("content-type", FORM_TYPE)];
        let sent = house.send(with_body(Method::POST, "/api/v1/books", &headers, form("book.epub", &bytes))).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
        let release = sent.json()["release"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/releases/{release}");
        house.until_status(&admin, &release, "draft").await;
        let change = |field: &str| json!({ "field": field, "values": [address] });
        let edit = json!({
            "changes": [change("url"), change("description"), change("publisher")],
            "rights": { "basis": "own-work", "note": address }, "group": group["id"],
        });
        let edited = house.json(Method::PATCH, &path, &admin, &edit).await;
        assert_eq!(edited.status, StatusCode::OK, "{}", edited.text());
        for page in [format!("/releases/{release}"), format!("/releases/{release}/review")] {
            let shown =
                house.send(request(Method::GET, &page, &[("authorization", &admin), ("accept", "text/html")])).await;
            assert_eq!(shown.status, StatusCode::OK, "{page}");
        }
        house.json(Method::POST, &format!("{path}/preview"), &admin, &json!({})).await;
        house.json(Method::POST, &format!("{path}/pack"), &admin, &json!({})).await;
    }
    // Headers that name a place, and ways back.
    let host = listener.local_addr().unwrap().to_string();
    let headers = [
        ("authorization", admin.as_str()),
        ("referer", address.as_str()),
        ("x-forwarded-host", host.as_str()),
        ("forwarded", "for=127.0.0.1;host=elsewhere"),
        ("accept", "text/html"),
        ("origin", ORIGIN),
    ];
    house.send(request(Method::GET, &format!("/sign-in?return={address}"), &headers)).await;
    house.send(request(Method::GET, "/releases", &headers)).await;
    let listed = house.send(request(Method::GET, "/api/v1/jobs", &headers[..1])).await.json();
    assert!(listed["items"].as_array().unwrap().len() > 2, "the books were worked on: {listed}");
    assert_eq!(listener.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock, "somebody asked {address}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_address_that_the_object_store_points_to_is_ever_asked() {
    let within = TcpListener::bind("127.0.0.1:0").unwrap();
    within.set_nonblocking(true).unwrap();
    let elsewhere = format!("Location: http://{}/within\r\n", within.local_addr().unwrap());
    let (url, asked) = one_answer::always("307 Temporary Redirect", &elsewhere, "");
    let blobs = Blobs::open(&BlobLocation::S3(Box::new(S3Location {
        bucket: "books".to_owned(),
        prefix: "ours".to_owned(),
        endpoint: Some(url),
        region: "us-east-1".to_owned(),
        access_key: "account".to_owned(),
        secret_key: "a key of the account".into(),
    })))
    .unwrap();
    assert!(blobs.ping().await.is_err(), "an answer that points elsewhere is none");
    assert!(blobs.put_part("uploads/one/0", "bytes".into()).await.is_err());
    assert!(blobs.remove_key("uploads/one/0").await.is_err());
    assert!(asked.load(Ordering::SeqCst) >= 3, "the store was not asked");
    assert_eq!(within.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock, "the redirect was followed");
}

/// What of the workspace can ask anybody by HTTP, so that whoever adds another way in decides about addresses here.
#[test]
fn only_what_the_operator_names_is_spoken_to() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let workspace = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let clients = ["reqwest", "hyper-util", "ureq", "isahc", "curl", "surf", "awc", "attohttpc", "minreq", "gloo-net"];
    let is_client = |line: &&str| {
        clients.iter().any(|client| line.strip_prefix(client).is_some_and(|rest| rest.starts_with([' ', '.', '='])))
    };
    let mut members = vec![root.join("server/Cargo.toml"), root.join("app/Cargo.toml")];
    members
        .extend(std::fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path().join("Cargo.toml")));
    assert!(members.len() > 5, "{members:?}");
    for manifest in members {
        let text = std::fs::read_to_string(&manifest).unwrap();
        let found: Vec<_> = text.lines().filter(is_client).collect();
        // Traces go where OTEL_EXPORTER_OTLP_ENDPOINT says, blobs where BLOB_ENDPOINT does; neither client follows a redirect.
        let asks = ["server/Cargo.toml", "service/Cargo.toml"].iter().any(|one| manifest.ends_with(one));
        let known: &[&str] = if asks { &["reqwest.workspace = true"] } else { &[] };
        assert_eq!(found, known, "{}", manifest.display());
    }
    for known in ["opendal-http-transport-reqwest", "lettre", "opentelemetry-otlp"] {
        assert!(workspace.lines().any(|line| line.starts_with(known)), "{known} is gone: look at what asks now");
    }
}
