//! A release whose source is no longer kept: its page says so, and its package is still there.

use axum::http::{Method, StatusCode};
use service::{Store, Timestamp};

use crate::{
    harness::{House, request, with_body},
    things::Things,
};

/// Later than anything was packed.
const LATER: Timestamp = Timestamp(10_000_000_000_000);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_a_release_says_that_its_source_is_gone_and_offers_its_package() {
    House::on_both_engines(source_is_gone).await;
}

async fn source_is_gone(house: House) {
    let admin = house.signed_in().await;
    let things = Things::made(&house, &admin).await;
    let path = things.put("/releases/PACKED");
    let read = async |path: &str| {
        let headers = [("authorization", admin.as_str()), ("accept", "text/html")];
        house.send(request(Method::GET, path, &headers)).await
    };
    let before = read(&path).await.text();
    assert!(before.contains("/api/app/correct-release") && !before.contains("is no longer kept"), "{before}");

    let store = Store::open(&house.state.configuration.database).await.unwrap();
    let id = things.put("PACKED").parse().unwrap();
    let book = store.releases().lookup(id).await.unwrap().unwrap().book_id;
    let mut transaction = store.begin_write().await.unwrap();
    assert!(transaction.books().remove_source(book, LATER, Timestamp(1_700_000_000_000)).await.unwrap());
    transaction.commit().await.unwrap();
    store.close().await;

    let shown = read(&path).await.text();
    assert!(shown.contains("The source of this release is no longer kept"), "{shown}");
    assert!(!shown.contains("/api/app/correct-release"), "{shown}");
    let archive = things.put("/api/v1/packages/PACKAGE/archive");
    assert!(shown.contains(&things.put("/packages/PACKAGE/archive")), "{shown}");
    assert_eq!(read(&archive).await.status, StatusCode::OK);
    let json = read(&things.put("/api/v1/releases/PACKED")).await.json();
    assert_eq!(json["book"]["source_removed_at"], 1_700_000_000_000_u64, "{json}");

    // Whoever had the page open is told by its sentence.
    let headers = [
        ("authorization", admin.as_str()),
        ("accept", "text/html"),
        ("referer", "http://127.0.0.1:5000/releases"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let form = things.put("release=PACKED&tag=REPACK");
    let answer = house.send(with_body(Method::POST, "/api/app/correct-release", &headers, form)).await;
    let query = answer.header("location").split_once('?').unwrap().1.to_owned();
    let told = read(&format!("{path}?{query}")).await.text();
    assert!(told.contains("Nothing can be packed from it again."), "{told}");
    let packed = things.put("/api/v1/releases/PACKED/pack");
    let refused = house.json(Method::POST, &packed, &admin, &serde_json::json!({})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (StatusCode::CONFLICT, &"source-removed".into()));
}
