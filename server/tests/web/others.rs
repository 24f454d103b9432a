//! What belongs to others: every id of theirs answers as one that nobody has, on both engines.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::{
    guard,
    harness::{House, PASSWORD, request, with_body},
    roles,
};

/// Routes whose ids are of people, which only who looks after people may use, and of the inbox, whose entries every editor
/// sees and only editors of their group decide (`crates/service/tests/service/inbox.rs`).
const ASKS_FOR_MORE: [&str; 6] = [
    "/api/v1/users/ID",
    "/api/v1/users/ID/reset-link",
    "/api/v1/users/ID/reset-letter",
    "/api/v1/users/ID/codes",
    "/api/v1/inbox/ID/take",
    "/api/v1/inbox/ID/decline",
];

/// Doors whose ids are of people and of the inbox, as above.
const DOORS_ASKING_FOR_MORE: [&str; 8] = [
    "take-book",
    "decline-book",
    "set-user-rights",
    "set-user-active",
    "make-reset-link",
    "set-user-email",
    "send-reset-letter",
    "end-user-codes",
];

/// Routes that read no body at all.
const WITHOUT_BODY: [&str; 7] = ["/pack", "/verify", "/offer", "/restore", "/retry", "/cancel", "/reset-letter"];

/// A path with `ID` in place of each id.
fn without_ids(path: &str) -> String {
    path.split('/').map(|part| if part.len() == 26 { "ID" } else { part }).collect::<Vec<_>>().join("/")
}

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
    let token = json!({ "name": "script", "scope": "read", "days": 1, "current": PASSWORD });
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
        ("GET", format!("{path}/duplicates")),
        ("POST", format!("{path}/withdraw")),
        ("POST", format!("{path}/offer")),
        ("GET", format!("{path}/cover")),
        ("GET", format!("{path}/cover/small")),
        ("GET", format!("/api/v1/packages/{package}")),
        ("GET", format!("/api/v1/packages/{package}/archive")),
        ("GET", format!("/api/v1/packages/{package}/files/0")),
        ("GET", format!("/packages/{package}/archive/name.zip")),
        ("GET", format!("/packages/{package}/files/0/name")),
        ("GET", format!("/api/v1/jobs/{job}")),
        ("GET", format!("/api/v1/jobs/{job}/log")),
        ("POST", format!("/api/v1/jobs/{job}/retry")),
        ("POST", format!("/api/v1/jobs/{job}/cancel")),
        ("PUT", format!("/api/v1/groups/{group}/members")),
        ("PUT", format!("/api/v1/groups/{group}/quota")),
        ("GET", format!("/api/v1/uploads/{upload}")),
        ("HEAD", format!("/api/v1/uploads/{upload}")),
        ("PATCH", format!("/api/v1/uploads/{upload}")),
        ("POST", format!("/api/v1/uploads/{upload}")),
        ("DELETE", format!("/api/v1/uploads/{upload}")),
        ("DELETE", format!("/api/v1/account/tokens/{token}")),
        ("DELETE", format!("/api/v1/account/sessions/{session}")),
    ];
    for (method, route) in guard::ROUTES.into_iter().filter(|(_, route)| route.contains("ID")) {
        let tried = attempts.iter().any(|(tried, path)| *tried == method && without_ids(path) == route);
        assert!(
            tried != ASKS_FOR_MORE.contains(&route),
            "{method} {route}: another's id is not tried, or in two tables"
        );
    }
    for (method, path) in attempts {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let is_part = path.starts_with("/api/v1/uploads/");
        let content = if is_part { "application/offset+octet-stream" } else { "application/json" };
        let headers = [
            ("authorization", stranger.as_str()),
            ("content-type", content),
            ("tus-resumable", "1.0.0"),
            ("upload-offset", "0"),
            ("x-http-method-override", if is_part { "PATCH" } else { "" }),
        ];
        let body = match path.rsplit('/').next() {
            Some("members") => json!({ "members": [] }).to_string(),
            Some("quota") => json!({ "quota_bytes": null }).to_string(),
            Some("withdraw") => json!({ "reason": "x" }).to_string(),
            _ => "{}".to_owned(),
        };
        let answer = house.send(with_body(method.clone(), &path, &headers, body)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}: {:?}", answer.body);
    }
    for page in [format!("/releases/{release}"), format!("/releases/{release}/review"), format!("/jobs/{job}")] {
        let headers = [("authorization", stranger.as_str()), ("accept", "text/html")];
        let answer = house.send(request(Method::GET, &page, &headers)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
    }
    let doors = [
        ("verify", format!("release={release}")),
        ("delete-release", format!("release={release}")),
        ("review-save", format!("form[release]={release}")),
        ("review-preview", format!("form[release]={release}")),
        ("review-pack", format!("form[release]={release}")),
        ("make-verify-link", format!("release={release}")),
        ("withdraw-verify-link", format!("release={release}")),
        ("correct-release", format!("release={release}&tag=REPACK")),
        ("withdraw-release", format!("release={release}&reason=x")),
        ("offer-release", format!("release={release}")),
        ("retry-job", format!("job={job}")),
        ("cancel-job", format!("job={job}")),
        ("upload-discard", format!("upload={upload}")),
        ("set-members", format!("group={group}")),
        ("set-quota", format!("group={group}")),
        ("end-token", format!("token={token}")),
        ("end-session", format!("session={session}")),
        ("releases-act", format!("form[action]=verify&form[releases][]={release}&form[back]=")),
        ("review-batch", format!("form[action]=set&form[releases][]={release}&form[field]=publisher&form[value]=Eve")),
    ];
    for (door, form, _) in roles::DOORS {
        let has_id = ["ID", "RELEASE", "GROUP"].iter().any(|id| form.contains(id));
        let is_tried = doors.iter().any(|(tried, _)| *tried == door);
        assert!(
            !has_id || is_tried != DOORS_ASKING_FOR_MORE.contains(&door),
            "{door}: another's id is not tried, or in two tables"
        );
    }
    for (door, form) in doors {
        let headers = [("authorization", stranger.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let answer = house.send(with_body(Method::POST, &format!("/api/app/{door}"), &headers, form)).await;
        // Of several, it tells which were left out and why.
        let refused =
            if matches!(door, "review-batch" | "releases-act") { StatusCode::CONFLICT } else { StatusCode::NOT_FOUND };
        assert_eq!(answer.status, refused, "{door}: {:?}", answer.body);
    }
    // What somebody keeps for themselves by a name is theirs alone.
    let send = async |bearer: &str, door: &str, form: &str| {
        let headers = [("authorization", bearer), ("content-type", "application/x-www-form-urlencoded")];
        house.send(with_body(Method::POST, &format!("/api/app/{door}"), &headers, form.to_owned())).await
    };
    let page = async |bearer: &str, path: &str| {
        house.send(request(Method::GET, path, &[("authorization", bearer), ("accept", "text/html")])).await.text()
    };
    send(&admin, "save-view", "name=Of+the+editor+in+chief&query=%3Fq%3Da").await;
    send(&stranger, "delete-view", "name=Of+the+editor+in+chief").await;
    assert!(page(&admin, "/releases").await.contains("Of the editor in chief"));
    assert!(!page(&stranger, "/releases").await.contains("Of the editor in chief"));
    // Another release of one's own to compare with opens nothing either.
    let own = house.draft(&stranger).await;
    let page = format!("/releases/{own}?compare={release}");
    let headers = [("authorization", stranger.as_str()), ("accept", "text/html")];
    let answer = house.send(request(Method::GET, &page, &headers)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    for list in ["/api/v1/releases", "/api/v1/jobs"] {
        let answer = house.send(request(Method::GET, list, &[("authorization", &stranger)])).await;
        let items = answer.json()["items"].as_array().unwrap().clone();
        let is_own = |item: &serde_json::Value| item["id"] == own.as_str() || item["release_id"] == own.as_str();
        assert!(items.iter().all(is_own), "{list}: {items:?}");
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
        (
            "/api/v1/account/tokens",
            json!({ "name": "a", "scope": "read", "days": 1, "current": PASSWORD, "user_id": "x" }),
        ),
    ];
    for (path, body) in more {
        let answer = house.json(Method::POST, path, &editor, &body).await;
        assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::BAD_REQUEST, &json!("bad-json")), "{path}");
    }
    // Every route that takes a body knows its members, and says so before anything else.
    let bodies = roles::ROUTES.into_iter().filter(|(_, body, _)| body.starts_with('{'));
    for (route, body, _) in bodies.filter(|(route, ..)| !WITHOUT_BODY.iter().any(|known| route.ends_with(known))) {
        let (method, path) = route.split_once(' ').unwrap();
        let path = path.replace("ID", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
        let mut body: serde_json::Value = serde_json::from_str(body).unwrap();
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = house.json(method.clone(), &path, &admin, &body).await;
        assert_ne!(answer.json_or_nothing()["code"], "bad-json", "{route}: {}", answer.text());
        body["all_groups_of_everybody"] = json!(true);
        let answer = house.json(method, &path, &admin, &body).await;
        assert_eq!(answer.json_or_nothing()["code"], "bad-json", "{route}: {}", answer.text());
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_opens_one_release_to_a_stranger_and_nothing_else() {
    House::on_both_engines(a_link_opens_one).await;
}

async fn a_link_opens_one(house: House) {
    let admin = house.signed_in().await;
    let _working = house.worker();
    let group = house.json(Method::POST, "/api/v1/groups", &admin, &json!({ "tag": "GRP" })).await;
    let edit = json!({ "group": group.json()["id"], "rights": { "basis": "CC-BY-4.0" } });
    let release = house.draft(&admin).await;
    let path = format!("/api/v1/releases/{release}");
    house.json(Method::PATCH, &path, &admin, &edit).await;
    house.json(Method::POST, &format!("{path}/pack"), &admin, &json!({})).await;
    let name = house.until_status(&admin, &release, "packed").await["name"].as_str().unwrap().to_owned();
    let headers = [("authorization", admin.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let form = format!("release={release}");
    let made = house.send(with_body(Method::POST, "/api/app/make-verify-link", &headers, form.clone())).await;
    let cookie = made.header("set-cookie");
    let token = cookie.split(';').next().unwrap().rsplit('.').next().unwrap().to_owned();
    assert_eq!(token.len(), 64, "{cookie}");

    let page = |token: &str| format!("/verify/release?link={token}");
    let html = [("accept", "text/html")];
    let shown = house.send(request(Method::GET, &page(&token), &html)).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text().contains(&name) && shown.text().contains("manifest.json"));
    assert!(!shown.text().contains(&release), "the page names nothing that leads further");
    for wrong in ["", "0", &"0".repeat(64), &token[1..]] {
        let answer = house.send(request(Method::GET, &page(wrong), &html)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    house.send(with_body(Method::POST, "/api/app/withdraw-verify-link", &headers, form)).await;
    let gone = house.send(request(Method::GET, &page(&token), &html)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(!gone.text().contains(&name));
}
