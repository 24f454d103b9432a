//! A package that is no longer kept: its page says so, and offers what is left of it.

use axum::http::{Method, StatusCode};
use service::{Store, Timestamp};

use crate::{
    harness::{House, request, with_body},
    things::Things,
};

/// Later than anything was packed.
const LATER: Timestamp = Timestamp(10_000_000_000_000);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_a_release_says_that_its_package_is_gone_and_offers_what_is_left() {
    House::on_both_engines(package_is_gone).await;
}

async fn package_is_gone(house: House) {
    let admin = house.signed_in().await;
    let things = Things::made(&house, &admin).await;
    let page = things.put("/releases/PACKED");
    let review = things.put("/releases/PACKED/review");
    let read = async |path: &str| {
        let headers = [("authorization", admin.as_str()), ("accept", "text/html")];
        house.send(request(Method::GET, path, &headers)).await
    };
    let archive = things.put("/packages/PACKAGE/archive");
    let before = read(&page).await.text();
    assert!(before.contains(&archive) && before.contains("/api/app/verify") && !before.contains("no longer kept"));

    let store = Store::open(&house.state.configuration.database).await.unwrap();
    let id = things.put("PACKAGE").parse().unwrap();
    let files = store.packages().files(id).await.unwrap();
    let book = files.iter().max_by_key(|file| file.size).unwrap().position;
    let nfo = files.iter().find(|file| file.path.contains(".nfo")).unwrap().position;
    let mut transaction = store.begin_write().await.unwrap();
    let removed = transaction.packages().remove_files(id, LATER, Timestamp(1_700_000_000_000)).await.unwrap();
    assert!(removed.is_some());
    transaction.commit().await.unwrap();
    store.close().await;

    let shown = read(&page).await.text();
    assert!(shown.contains("The book of this package is no longer kept"), "{shown}");
    assert!(!shown.contains(&archive) && !shown.contains("/api/app/verify"), "{shown}");
    assert!(!read(&review).await.text().contains(&archive));
    let file = |position: u32| format!("{}/{position}", things.put("/api/v1/packages/PACKAGE/files"));
    assert!(shown.contains(&format!("{}/{nfo}\"", things.put("/packages/PACKAGE/files"))), "{shown}");
    assert!(!shown.contains(&format!("{}/{book}\"", things.put("/packages/PACKAGE/files"))), "{shown}");

    assert_eq!(read(&file(nfo)).await.status, StatusCode::OK);
    for path in [file(book), things.put("/api/v1/packages/PACKAGE/archive")] {
        let headers = [("authorization", admin.as_str())];
        assert_eq!(house.send(request(Method::HEAD, &path, &headers)).await.status, StatusCode::CONFLICT);
        let refused = house.send(request(Method::GET, &path, &headers)).await;
        assert_eq!((refused.status, &refused.json()["code"]), (StatusCode::CONFLICT, &"package-removed".into()));
    }
    let json = read(&things.put("/api/v1/packages/PACKAGE")).await.json();
    assert_eq!(json["files_removed_at"], 1_700_000_000_000_u64, "{json}");
    assert_eq!(json["files"][usize::try_from(book).unwrap()]["is_kept"], false, "{json}");

    // Whoever had the page open is told by its sentence.
    let headers = [
        ("authorization", admin.as_str()),
        ("accept", "text/html"),
        ("referer", "http://127.0.0.1:5000/releases"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let answer = house.send(with_body(Method::POST, "/api/app/verify", &headers, things.put("release=PACKED"))).await;
    let query = answer.header("location").split_once('?').unwrap().1.to_owned();
    let told = read(&format!("{page}?{query}")).await.text();
    assert!(told.contains("a copy can still be compared with them. To have it whole again"), "{told}");
}
