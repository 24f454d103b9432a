//! What belongs to others: every id of theirs answers as one that nobody has, on both engines.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::harness::{House, request, with_body};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_of_another_group_is_an_id_that_nobody_has() {
    House::on_both_engines(no_id_opens).await;
}

async fn no_id_opens(house: House) {
    let admin = house.signed_in().await;
    let _working = house.worker();
    let group = house.json(Method::POST, "/api/v1/groups", &admin, &json!({ "tag": "GRP" })).await;
    let group = group.json()["id"].as_str().unwrap().to_owned();
    let release = house.draft(&admin).await;
    let edit = json!({ "group": group, "rights": { "basis": "CC-BY-4.0" } });
    let path = format!("/api/v1/releases/{release}");
    let edited = house.json(Method::PATCH, &path, &admin, &edit).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.text());
    let packing = house.json(Method::POST, &format!("{path}/pack"), &admin, &json!({})).await;
    let job = packing.json()["job"].as_str().unwrap().to_owned();
    let packed = house.until_status(&admin, &release, "packed").await;
    let package = packed["packages"][0]["id"].as_str().unwrap().to_owned();
    let headers = [("authorization", admin.as_str()), ("tus-resumable", "1.0.0"), ("upload-length", "5")];
    let named = [("upload-metadata", "filename YS5lcHVi")];
    let upload = house.send(request(Method::POST, "/api/v1/uploads", &[&headers[..], &named].concat())).await;
    let upload = upload.header("location").rsplit('/').next().unwrap().to_owned();
    let token = json!({ "name": "script", "scope": "read", "days": 1 });
    let token = house.json(Method::POST, "/api/v1/account/tokens", &admin, &token).await.json();
    let token = token["id"].as_str().unwrap().to_owned();
    let sessions = house.send(request(Method::GET, "/api/v1/account/sessions", &headers[..1])).await.json();
    let session = sessions[0]["id"].as_str().unwrap().to_owned();

    let stranger = house.person(&admin, "stranger", "editor").await;
    let attempts = [
        ("GET", path.clone()),
        ("PATCH", path.clone()),
        ("DELETE", path.clone()),
        ("GET", format!("{path}/preview")),
        ("POST", format!("{path}/preview")),
        ("POST", format!("{path}/pack")),
        ("POST", format!("{path}/verify")),
        ("GET", format!("{path}/cover")),
        ("GET", format!("/api/v1/packages/{package}")),
        ("GET", format!("/api/v1/packages/{package}/archive")),
        ("GET", format!("/api/v1/packages/{package}/files/0")),
        ("GET", format!("/packages/{package}/archive/a.zip")),
        ("GET", format!("/packages/{package}/files/0/a")),
        ("GET", format!("/api/v1/jobs/{job}")),
        ("GET", format!("/api/v1/jobs/{job}/log")),
        ("POST", format!("/api/v1/jobs/{job}/retry")),
        ("POST", format!("/api/v1/jobs/{job}/cancel")),
        ("PUT", format!("/api/v1/groups/{group}/members")),
        ("GET", format!("/api/v1/uploads/{upload}")),
        ("HEAD", format!("/api/v1/uploads/{upload}")),
        ("DELETE", format!("/api/v1/uploads/{upload}")),
        ("DELETE", format!("/api/v1/account/tokens/{token}")),
        ("DELETE", format!("/api/v1/account/sessions/{session}")),
    ];
    for (method, path) in attempts {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let headers = [
            ("authorization", stranger.as_str()),
            ("content-type", "application/json"),
            ("tus-resumable", "1.0.0"),
            ("upload-offset", "0"),
        ];
        let body = if method == Method::PUT { json!({ "members": [] }).to_string() } else { "{}".to_owned() };
        let answer = house.send(with_body(method.clone(), &path, &headers, body)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}: {:?}", answer.body);
    }
    for list in ["/api/v1/releases", "/api/v1/jobs"] {
        let answer = house.send(request(Method::GET, list, &[("authorization", &stranger)])).await;
        assert_eq!(answer.json()["items"], json!([]), "{list}");
    }
    // What the stranger asked for has changed nothing.
    assert_eq!(house.until_status(&admin, &release, "packed").await["packages"][0]["id"], package);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_becomes_more_than_they_are_by_writing_more_fields() {
    House::on_both_engines(no_field_helps).await;
}

async fn no_field_helps(house: House) {
    let admin = house.signed_in().await;
    let editor = house.person(&admin, "ed", "editor").await;
    let more = [
        ("/api/v1/groups", json!({ "tag": "MINE", "created_by": "01ARZ3NDEKTSV4RRFFQ69G5FAV" })),
        ("/api/v1/account/tokens", json!({ "name": "a", "scope": "read", "days": 1, "user_id": "x" })),
    ];
    for (path, body) in more {
        let answer = house.json(Method::POST, path, &editor, &body).await;
        assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::BAD_REQUEST, &json!("bad-json")), "{path}");
    }
    let user = json!({ "username": "eve", "display_name": "Eve", "password": "a good long password", "role": "viewer", "active": true, "all_groups": true });
    let answer = house.json(Method::POST, "/api/v1/users", &admin, &user).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    // And by forms, where what nobody knows is left aside.
    let headers = [("authorization", editor.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let form = "username=eve&display_name=Eve&password=a+good+long+password&role=admin";
    let answer = house.send(with_body(Method::POST, "/api/app/create-user", &headers, form)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let form = "locale=fr&roles[]=admin&form[roles][]=admin";
    house.send(with_body(Method::POST, "/api/app/set-locale", &headers, form)).await;
    let answer = house.send(request(Method::GET, "/api/v1/users", &[("authorization", &editor)])).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
