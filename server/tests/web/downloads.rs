//! Packages on their way out.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Answer, House, request, with_body};

struct Packed {
    house: House,
    bearer: String,
    package: Value,
}

impl Packed {
    async fn new() -> Self {
        let house = House::new().await;
        let bearer = house.signed_in().await;
        let _working = house.worker();
        let release = house.draft(&bearer).await;
        let path = format!("/api/v1/releases/{release}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let group = house.send(with_body(Method::POST, "/api/v1/groups", &headers, r#"{"tag":"GRP"}"#)).await.json();
        let edit = json!({ "group": group["id"], "rights": { "basis": "CC-BY-4.0" } });
        let edited = house.send(with_body(Method::PATCH, &path, &headers, edit.to_string())).await;
        assert_eq!(edited.status, StatusCode::OK, "{}", edited.text());
        let begun = house.send(with_body(Method::POST, &format!("{path}/pack"), &headers, "")).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text());
        let release = house.until_status(&bearer, &release, "packed").await;
        let path = format!("/api/v1/packages/{}", release["packages"][0]["id"].as_str().unwrap());
        let package = house.send(request(Method::GET, &path, &headers[..1])).await.json();
        Self { house, bearer, package }
    }

    async fn send(&self, method: Method, rest: &str, headers: &[(&str, &str)]) -> Answer {
        let path = format!("/api/v1/packages/{}/{rest}", self.package["id"].as_str().unwrap());
        let headers = [headers, &[("authorization", self.bearer.as_str())]].concat();
        self.house.send(request(method, &path, &headers)).await
    }
}

#[tokio::test]
async fn files_and_archives_come_whole_in_parts_and_not_at_all() {
    let packed = Packed::new().await;
    let file = packed.package["files"].as_array().unwrap().iter().max_by_key(|file| file["size"].as_u64()).unwrap();
    for rest in [format!("files/{}", file["position"]), "archive".to_owned()] {
        let whole = packed.send(Method::GET, &rest, &[]).await;
        assert_eq!(whole.status, StatusCode::OK, "{rest}: {}", whole.text());
        assert_eq!(whole.header("content-length"), whole.body.len().to_string(), "{rest}");
        let tag = whole.header("etag").to_owned();
        assert_eq!(whole.header("accept-ranges"), "bytes");

        let head = packed.send(Method::HEAD, &rest, &[]).await;
        assert_eq!((head.header("content-length"), head.body.len()), (whole.header("content-length"), 0), "{rest}");

        let part = packed.send(Method::GET, &rest, &[("range", "bytes=3-130"), ("if-range", &tag)]).await;
        assert_eq!(part.status, StatusCode::PARTIAL_CONTENT, "{rest}");
        assert_eq!(part.body, whole.body.slice(3..131), "{rest}");
        assert_eq!(part.header("content-range"), format!("bytes 3-130/{}", whole.body.len()));
        let tail = packed.send(Method::GET, &rest, &[("range", "bytes=-7")]).await;
        assert_eq!(tail.body, whole.body.slice(whole.body.len() - 7..), "{rest}");
        let old = packed.send(Method::GET, &rest, &[("range", "bytes=3-9"), ("if-range", "\"old\"")]).await;
        assert_eq!((old.status, old.body.len()), (StatusCode::OK, whole.body.len()), "{rest}");
        let beyond = packed.send(Method::GET, &rest, &[("range", "bytes=99999999-")]).await;
        assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE, "{rest}");
        assert_eq!(beyond.header("content-range"), format!("bytes */{}", whole.body.len()));
        let known = packed.send(Method::GET, &rest, &[("if-none-match", &tag)]).await;
        assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0), "{rest}");
    }
}

#[tokio::test]
async fn the_bytes_of_a_book_can_never_run_on_our_origin() {
    let packed = Packed::new().await;
    for rest in ["files/0", "archive"] {
        let answer = packed.send(Method::GET, rest, &[]).await;
        assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1);
        assert!(answer.header("content-security-policy").contains("sandbox"), "{rest}");
        assert!(answer.header("content-disposition").starts_with("attachment; filename="), "{rest}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(["application/octet-stream", "application/zip"].contains(&answer.header("content-type")));
    }
    assert_eq!(packed.send(Method::GET, "files/999", &[]).await.status, StatusCode::NOT_FOUND);
    let name = packed.package["name"].as_str().unwrap();
    let archive = packed.send(Method::GET, "archive", &[]).await;
    assert_eq!(archive.header("content-disposition"), format!("attachment; filename=\"{name}.zip\""));
}
