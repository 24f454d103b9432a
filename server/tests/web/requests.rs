//! A request to each route of the API that does its work: what attacks stand beside.

use axum::http::{Method, StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    harness::{FORM_TYPE, House, book, form, with_body},
    roles::ROUTES,
    things::Things,
};

/// Bodies with which a route does its work, where those that a role is refused with would not do.
const BODIES: [(&str, &str); 12] = [
    (
        "PATCH /api/v1/releases/ID",
        r#"{"group":"GROUP","profile":"scene-ebook","release_date":"2024-02-29","rights":{"basis":"own-work","note":"x"},"changes":[{"field":"title","values":["T"]}]}"#,
    ),
    (
        "POST /api/v1/releases/ID/preview",
        r#"{"group":"GROUP","profile":"scene-ebook","changes":[{"field":"publisher","values":["P"]}]}"#,
    ),
    ("POST /api/v1/groups", r#"{"tag":"OTHERS"}"#),
    ("PUT /api/v1/groups/ID/members", r#"{"members":["USER","ADMIN"]}"#),
    (
        "POST /api/v1/account/tokens",
        r#"{"name":"program","scope":"read","days":1,"current":"quires and colophons staple"}"#,
    ),
    ("PUT /api/v1/account/email", r#"{"email":"ada@example.org","current":"quires and colophons staple"}"#),
    (
        "POST /api/v1/users",
        r#"{"username":"bill","display_name":"Bill","password":"quires and colophons staple","email":"bill@example.org","role":"viewer","groups":["GROUP"]}"#,
    ),
    (
        "PATCH /api/v1/users/ID",
        r#"{"roles":["viewer"],"groups":["GROUP"],"exceptions":[{"resource":"audit","action":"read","allowed":true}],"active":true,"email":"zoe@example.org","current":"quires and colophons staple"}"#,
    ),
    ("POST /api/v1/users/ID/reset-link", r#"{"current":"quires and colophons staple"}"#),
    ("DELETE /api/v1/users/ID/codes", r#"{"current":"quires and colophons staple"}"#),
    ("POST /api/v1/roles", r#"{"name":"Lectors","all_groups":false,"grants":[["releases","read"]]}"#),
    ("PUT /api/v1/roles/name", r#"{"grants":[["releases","read"]]}"#),
];

/// Routes that are asked for something that is another than usual: the whole path, with placeholders.
const PATHS: [(&str, &str); 13] = [
    ("GET /api/v1/releases/ID/cover", "/api/v1/releases/COVERED/cover"),
    ("GET /api/v1/releases/ID/cover/small", "/api/v1/releases/COVERED/cover/small"),
    ("DELETE /api/v1/releases/ID", "/api/v1/releases/PACKED"),
    ("DELETE /api/v1/uploads/ID", "/api/v1/uploads/THIRDUPLOAD"),
    ("POST /api/v1/jobs/ID/cancel", "/api/v1/jobs/QUEUED/cancel"),
    ("POST /api/v1/jobs/ID/retry", "/api/v1/jobs/QUEUED/retry"),
    ("POST /api/v1/releases/ID/verify", "/api/v1/releases/PACKED/verify"),
    ("POST /api/v1/releases/ID/withdraw", "/api/v1/releases/PACKED/withdraw"),
    ("POST /api/v1/releases/ID/offer", "/api/v1/releases/PACKED/offer"),
    ("DELETE /api/v1/profiles/name", "/api/v1/profiles/of-things"),
    ("POST /api/v1/profiles/name/restore", "/api/v1/profiles/of-things/restore"),
    ("POST /api/v1/uploads/ID", "/api/v1/uploads/SECONDUPLOAD"),
    ("POST /api/v1/inbox/ID/decline", "/api/v1/inbox/SECONDENTRY/decline"),
];

/// Where nothing is.
const NOWHERE: &str = "GET /api/v1/anything/else";

/// Every route with its body, in an order in which each can do its work: what takes away comes last, and what ends the
/// session at the very end.
pub(crate) fn requests() -> Vec<(&'static str, &'static str)> {
    let body = |route: &str, usual| BODIES.iter().find(|(known, _)| *known == route).map_or(usual, |(_, body)| *body);
    let mut requests: Vec<_> = ROUTES.into_iter().map(|(route, usual, _)| (route, body(route, usual))).collect();
    requests.sort_by_key(|(route, _)| match *route {
        "DELETE /api/v1/sessions" => 4,
        // A release is changed and looked at before it is packed, a job cancelled before it is begun again.
        "POST /api/v1/releases/ID/pack" | "POST /api/v1/jobs/ID/retry" => 1,
        "POST /api/v1/profiles/name/restore" => 3,
        route if route.starts_with("DELETE /api/v1/releases") => 3,
        route if route.starts_with("DELETE") => 2,
        _ => 0,
    });
    requests
}

/// The path of a route with real things in it.
pub(crate) fn path_of(things: &Things, route: &str) -> String {
    let (_, path) = route.split_once(' ').unwrap();
    PATHS.iter().find(|(known, _)| *known == route).map_or_else(|| things.path(path), |(_, path)| things.put(path))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_does_its_work_where_nothing_attacks() {
    House::on_both_engines_with(&crate::statements::WITH_MAIL, every_route_works).await;
}

async fn every_route_works(house: House) {
    for (route, _) in BODIES.into_iter().chain(PATHS) {
        assert!(ROUTES.iter().any(|(known, ..)| *known == route), "{route} is no route");
    }
    let admin = house.signed_in().await;
    let things = Things::made(&house, &admin).await;
    save_profile(&house, &admin, &things).await;
    let mut wrong = Vec::new();
    for (route, body) in requests() {
        let (method, _) = route.split_once(' ').unwrap();
        let path = path_of(&things, route);
        let metadata = format!("filename {}", STANDARD.encode("a.epub"));
        let mut headers = vec![("authorization", admin.as_str()), ("tus-resumable", "1.0.0")];
        let mut bytes = things.put(body).into_bytes();
        match body {
            "a book" => {
                headers.push(("content-type", FORM_TYPE));
                bytes = form("book.epub", &book());
            }
            "a part" => {
                bytes = b"bytes".to_vec();
                headers.extend([
                    ("content-type", "application/offset+octet-stream"),
                    ("upload-offset", "0"),
                    ("x-http-method-override", "PATCH"),
                ]);
            }
            _ => headers.extend([
                ("content-type", "application/json"),
                ("upload-length", "5"),
                ("upload-metadata", &metadata),
            ]),
        }
        let request = with_body(Method::from_bytes(method.as_bytes()).unwrap(), &path, &headers, bytes);
        if path == "/api/v1/events" {
            // It has no end: only how it begins.
            let status = tower::ServiceExt::oneshot(house.router.clone(), request).await.unwrap().status();
            assert_eq!(status, StatusCode::OK, "{route}");
            continue;
        }
        let answer = house.send(request).await;
        if answer.status.is_success() == (route == NOWHERE) {
            wrong.push(format!("{route}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Saves the profile of the things, which only a page can.
async fn save_profile(house: &House, admin: &str, things: &Things) {
    let form = things.put("form[draft]=of-things&form[seen]=0&form[over]=0&form[text]=PROFILE&form[shown]=PROFILE");
    let headers = [("authorization", admin), ("content-type", "application/x-www-form-urlencoded")];
    let saved = house.send(with_body(Method::POST, "/api/app/profile-save", &headers, form)).await;
    assert!(saved.status.is_redirection() || saved.status.is_success(), "{}", saved.text());
}
