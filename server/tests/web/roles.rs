//! Every way in × every role: doors of the interface, routes of the API, and pages. The use cases check; this shows that
//! nothing reaches them by another way, and a test fails when a way in is in no table.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use service::{
    Action::{self, Delete, Modify, Read, Write},
    Grants,
    Resource::{self, Audit, Books, Groups, Jobs, Profiles, Releases, Roles, Settings, Users},
    Role,
};
use tower::ServiceExt;

use crate::{
    guard,
    harness::{FORM_TYPE, House, PASSWORD, book, form, with_body},
};

const NOBODY: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// A way in: what it is asked with, and the permission that it asks for; none where whoever is signed in may.
pub(crate) type Way = (&'static str, &'static str, Option<(Resource, Action)>);

/// The doors of the interface, by the end of their address, with a form each. `ID` is an id that nobody has, `RELEASE` that
/// of a release of a `GROUP` that all of them are in: whoever does not see one is told that it is not there, before what they may do.
pub(crate) const DOORS: [Way; 52] = [
    ("change-password", "current=x&new=y", None),
    ("set-email", "email=&current=x", None),
    ("end-session", "session=ID", None),
    ("end-other-sessions", "", None),
    ("create-token", "name=&scope=read&days=1&current=x", None),
    ("end-token", "token=ID", None),
    ("begin-codes", "current=x", None),
    ("confirm-codes", "code=0", None),
    ("end-codes", "current=x", None),
    ("take-book", "entry=ID", Some((Books, Modify))),
    ("decline-book", "entry=ID", Some((Books, Modify))),
    ("retry-job", "job=ID", Some((Jobs, Modify))),
    ("cancel-job", "job=ID", Some((Jobs, Modify))),
    ("retry-jobs", "state=done", Some((Jobs, Modify))),
    ("cancel-jobs", "state=done", Some((Jobs, Modify))),
    ("profile-check", "form[draft]=x&form[seen]=1", Some((Profiles, Modify))),
    ("profile-save", "form[draft]=x&form[seen]=0", Some((Profiles, Write))),
    ("profile-apply", "form[draft]=x&form[seen]=1", Some((Profiles, Modify))),
    ("profile-discard", "draft=x&is_new=false", Some((Profiles, Modify))),
    ("profile-delete", "name=none", Some((Profiles, Delete))),
    ("profile-restore", "name=none", Some((Profiles, Delete))),
    ("verify", "release=ID", Some((Jobs, Write))),
    ("releases-act", "form[action]=verify&form[releases][]=ID&form[back]=", Some((Jobs, Write))),
    ("releases-act", "form[action]=pack&form[releases][]=ID&form[back]=", Some((Jobs, Write))),
    ("releases-act", "form[action]=delete&form[releases][]=ID&form[back]=", Some((Releases, Delete))),
    ("releases-act", "form[action]=delete-these&form[releases][]=ID&form[back]=", Some((Releases, Delete))),
    ("delete-release", "release=ID", Some((Releases, Delete))),
    ("correct-release", "release=ID&tag=REPACK", Some((Releases, Write))),
    ("make-verify-link", "release=ID", Some((Releases, Modify))),
    ("withdraw-verify-link", "release=ID", Some((Releases, Modify))),
    ("withdraw-release", "release=ID&reason=x", Some((Releases, Modify))),
    ("offer-release", "release=ID", Some((Releases, Modify))),
    ("settings-change", "form[wanted][job_days]=1", Some((Settings, Modify))),
    ("review-save", "form[release]=RELEASE&form[group]=GROUP", Some((Releases, Modify))),
    ("review-preview", "form[release]=ID", Some((Releases, Read))),
    ("review-pack", "form[release]=RELEASE&form[group]=GROUP", Some((Releases, Modify))),
    ("review-batch", "form[action]=pack&form[releases][]=ID", Some((Jobs, Write))),
    ("upload-discard", "upload=ID", Some((Books, Write))),
    ("create-user", "username=&display_name=&password=&role=viewer", Some((Users, Write))),
    ("set-user-rights", "form[user]=ID", Some((Users, Modify))),
    ("set-user-active", "user=ID&active=true", Some((Users, Modify))),
    ("make-reset-link", "user=ID&current=x", Some((Users, Modify))),
    ("set-user-email", "user=ID&email=&current=x", Some((Users, Modify))),
    ("send-reset-letter", "user=ID", Some((Users, Modify))),
    ("end-user-codes", "user=ID&current=x", Some((Users, Modify))),
    ("create-group", "tag=", Some((Groups, Write))),
    ("set-members", "group=ID", Some((Groups, Modify))),
    ("set-quota", "group=ID", Some((Groups, Modify))),
    ("save-role", "form[name]=", Some((Roles, Write))),
    ("delete-role", "role=Nobody", Some((Roles, Delete))),
    ("save-view", "name=&query=", Some((Releases, Read))),
    ("delete-view", "name=x", Some((Releases, Read))),
];

/// Doors that are not walked: signing out ends the session that walks.
const NOT_WALKED: [&str; 1] = ["sign-out"];

/// The routes of the API, in the order of the table of strangers, with a body each.
pub(crate) const ROUTES: [Way; 66] = [
    ("DELETE /api/v1/account/sessions/ID", "", None),
    ("GET /api/v1/releases", "", Some((Releases, Read))),
    ("GET /api/v1/releases.csv", "", Some((Releases, Read))),
    ("GET /api/v1/releases/ID", "", Some((Releases, Read))),
    ("PATCH /api/v1/releases/ID", "{}", Some((Releases, Modify))),
    ("DELETE /api/v1/releases/ID", "", Some((Releases, Delete))),
    ("GET /api/v1/releases/ID/preview", "", Some((Releases, Read))),
    ("POST /api/v1/releases/ID/preview", "{}", Some((Releases, Read))),
    ("POST /api/v1/releases/ID/pack", "{}", Some((Jobs, Write))),
    ("POST /api/v1/releases/ID/verify", "{}", Some((Jobs, Write))),
    ("GET /api/v1/releases/ID/duplicates", "", Some((Releases, Read))),
    ("POST /api/v1/releases/ID/withdraw", r#"{"reason":"x"}"#, Some((Releases, Modify))),
    ("POST /api/v1/releases/ID/offer", "{}", Some((Releases, Modify))),
    ("GET /api/v1/releases/ID/cover", "", Some((Releases, Read))),
    ("GET /api/v1/releases/ID/cover/small", "", Some((Releases, Read))),
    ("GET /api/v1/packages/ID", "", Some((Releases, Read))),
    ("GET /api/v1/packages/ID/archive", "", Some((Releases, Read))),
    ("GET /api/v1/packages/ID/files/0", "", Some((Releases, Read))),
    ("GET /packages/ID/archive/name.zip", "", Some((Releases, Read))),
    ("GET /packages/ID/files/0/name", "", Some((Releases, Read))),
    ("GET /api/v1/jobs", "", Some((Jobs, Read))),
    ("GET /api/v1/jobs/ID", "", Some((Jobs, Read))),
    ("GET /api/v1/jobs/ID/log", "", Some((Jobs, Read))),
    ("POST /api/v1/jobs/ID/retry", "{}", Some((Jobs, Modify))),
    ("POST /api/v1/jobs/ID/cancel", "{}", Some((Jobs, Modify))),
    ("GET /api/v1/groups", "", Some((Groups, Read))),
    ("POST /api/v1/groups", r#"{"tag":""}"#, Some((Groups, Write))),
    ("GET /api/v1/groups/members", "", Some((Groups, Read))),
    ("PUT /api/v1/groups/ID/members", r#"{"members":[]}"#, Some((Groups, Modify))),
    ("PUT /api/v1/groups/ID/quota", r#"{"quota_bytes":null}"#, Some((Groups, Modify))),
    ("GET /api/v1/account/sessions", "", None),
    ("DELETE /api/v1/account/sessions", "", None),
    ("GET /api/v1/account/tokens", "", None),
    ("POST /api/v1/account/tokens", r#"{"name":"","scope":"read","days":1,"current":"x"}"#, None),
    ("DELETE /api/v1/account/tokens/ID", "", None),
    ("PUT /api/v1/account/email", r#"{"email":"","current":"x"}"#, None),
    ("GET /api/v1/users", "", Some((Users, Read))),
    ("POST /api/v1/users", r#"{"username":"","display_name":"","password":"","role":"viewer"}"#, Some((Users, Write))),
    ("GET /api/v1/users/ID", "", Some((Users, Read))),
    ("PATCH /api/v1/users/ID", r#"{"active":true}"#, Some((Users, Modify))),
    ("POST /api/v1/users/ID/reset-link", r#"{"current":"x"}"#, Some((Users, Modify))),
    ("POST /api/v1/users/ID/reset-letter", "{}", Some((Users, Modify))),
    ("DELETE /api/v1/users/ID/codes", r#"{"current":"x"}"#, Some((Users, Modify))),
    ("GET /api/v1/roles", "", Some((Roles, Read))),
    ("POST /api/v1/roles", r#"{"name":"","grants":[]}"#, Some((Roles, Write))),
    ("PUT /api/v1/roles/name", r#"{"grants":[]}"#, Some((Roles, Modify))),
    ("DELETE /api/v1/roles/name", "", Some((Roles, Delete))),
    ("GET /api/v1/audit", "", Some((Audit, Read))),
    ("GET /api/v1/audit/export", "", Some((Audit, Read))),
    // One's own for who sends books, all for who sees them.
    ("GET /api/v1/inbox", "", None),
    ("POST /api/v1/inbox/ID/take", "{}", Some((Books, Modify))),
    ("POST /api/v1/inbox/ID/decline", "{}", Some((Books, Modify))),
    ("GET /api/v1/profiles", "", Some((Profiles, Read))),
    ("DELETE /api/v1/profiles/name", "", Some((Profiles, Delete))),
    ("POST /api/v1/profiles/name/restore", "{}", Some((Profiles, Delete))),
    ("GET /api/v1/events", "", Some((Releases, Read))),
    ("POST /api/v1/books", "a book", Some((Books, Write))),
    ("GET /api/v1/uploads", "", Some((Books, Write))),
    ("POST /api/v1/uploads", "", Some((Books, Write))),
    ("GET /api/v1/uploads/ID", "", Some((Books, Write))),
    ("HEAD /api/v1/uploads/ID", "", Some((Books, Write))),
    ("PATCH /api/v1/uploads/ID", "a part", Some((Books, Write))),
    ("POST /api/v1/uploads/ID", "a part", Some((Books, Write))),
    ("DELETE /api/v1/uploads/ID", "", Some((Books, Write))),
    ("GET /api/v1/anything/else", "", None),
    // The last, for it ends the session that walks.
    ("DELETE /api/v1/sessions", "", None),
];

/// The pages that are not public.
const PAGES: [Way; 22] = [
    ("/", "", Some((Releases, Read))),
    ("/releases", "", Some((Releases, Read))),
    ("/releases/ID", "", Some((Releases, Read))),
    ("/releases/ID/review", "", Some((Releases, Read))),
    // Offers what one may.
    ("/new", "", Some((Releases, Read))),
    ("/jobs", "", Some((Jobs, Read))),
    ("/jobs/ID", "", Some((Jobs, Read))),
    ("/findings", "", None),
    ("/findings/ID", "", None),
    ("/tour", "", None),
    ("/profiles", "", Some((Profiles, Read))),
    ("/profiles/new", "", Some((Profiles, Write))),
    ("/profiles/ID", "", Some((Profiles, Read))),
    ("/profiles/ID/edit", "", Some((Profiles, Modify))),
    ("/account", "", None),
    ("/users", "", Some((Users, Read))),
    ("/users/ID", "", Some((Users, Read))),
    ("/groups", "", Some((Groups, Read))),
    ("/roles", "", Some((Roles, Read))),
    ("/audit", "", Some((Audit, Read))),
    ("/settings", "", Some((Settings, Read))),
    ("/inbox", "", None),
];

/// Only the status: a stream of events has no end.
async fn status(house: &House, bearer: &str, method: Method, path: &str, body: &str) -> StatusCode {
    let mut headers = vec![("authorization", bearer), ("tus-resumable", "1.0.0")];
    let mut bytes = body.as_bytes().to_vec();
    match body {
        "a book" => {
            headers.push(("content-type", FORM_TYPE));
            bytes = form("book.epub", &book());
        }
        "a part" => {
            let override_method = ("x-http-method-override", "PATCH");
            headers.extend([
                ("content-type", "application/offset+octet-stream"),
                ("upload-offset", "0"),
                override_method,
            ]);
        }
        _ if path.starts_with("/api/app/") => headers.push(("content-type", "application/x-www-form-urlencoded")),
        _ => headers.extend([
            ("content-type", "application/json"),
            ("upload-length", "5"),
            ("upload-metadata", "filename YS5lcHVi"),
        ]),
    }
    if body.is_empty() && method == Method::GET && !path.starts_with("/api/") {
        headers.push(("accept", "text/html"));
    }
    let path = path.replace("ID", NOBODY);
    let request = with_body(method, &path, &headers, bytes);
    house.router.clone().oneshot(request).await.unwrap().status()
}

/// Somebody with a role, in a group.
async fn member(house: &House, admin: &str, role: &Role, group: &Value) -> String {
    let username = format!("a-{role}");
    let body = json!({
        "username": username, "display_name": username, "password": PASSWORD, "role": role, "groups": [group],
    });
    let made = house.json(Method::POST, "/api/v1/users", admin, &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    format!("Bearer {}", house.sign_in(&username, PASSWORD).await.json()["access_token"].as_str().unwrap())
}

async fn walk(ways: impl Iterator<Item = (Method, String, Way)>) {
    let house = House::new().await;
    let admin = &house.signed_in().await;
    let group = house.json(Method::POST, "/api/v1/groups", admin, &json!({ "tag": "GRP" })).await.json()["id"].clone();
    let _working = house.worker();
    let release = house.draft(admin).await;
    let edited =
        house.json(Method::PATCH, &format!("/api/v1/releases/{release}"), admin, &json!({ "group": group })).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.text());
    let ways: Vec<_> = ways.collect();
    let mut wrong = Vec::new();
    for role in Role::BUILT_IN {
        let bearer = member(&house, admin, &role, &group).await;
        let grants = Grants::of_built_in(&role);
        for (method, path, (_, body, asked)) in &ways {
            let body = body.replace("ID", NOBODY).replace("RELEASE", &release);
            let body = body.replace("GROUP", group.as_str().unwrap());
            let status = status(&house, &bearer, method.clone(), path, &body).await;
            let may = asked.is_none_or(|(resource, action)| grants.allow(resource, action));
            let refused = status == StatusCode::FORBIDDEN;
            if may == refused || status == StatusCode::UNAUTHORIZED || status.is_server_error() {
                wrong.push(format!("{role} {method} {path}: {status}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn each_role_may_use_exactly_the_doors_that_the_table_says() {
    // The doors are registered with the router.
    let _house = House::new().await;
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        let name = path.strip_prefix("/api/app/").unwrap();
        let walked = DOORS.iter().any(|(door, ..)| *door == name) || NOT_WALKED.contains(&name);
        assert!(walked != guard::PUBLIC.contains(&path), "{path} is in no table, or in two");
    }
    walk(DOORS.into_iter().map(|way| (Method::POST, format!("/api/app/{}", way.0), way))).await;
}

#[tokio::test]
async fn each_role_may_use_exactly_the_routes_that_the_table_says() {
    for (method, path) in guard::ROUTES {
        let walked = ROUTES.iter().any(|(route, ..)| *route == format!("{method} {path}"));
        assert!(walked, "{method} {path} is not walked");
    }
    let split = |way: Way| {
        let (method, path) = way.0.split_once(' ').unwrap();
        (Method::from_bytes(method.as_bytes()).unwrap(), path.to_owned(), way)
    };
    walk(ROUTES.into_iter().map(split)).await;
}

#[tokio::test]
async fn each_role_sees_exactly_the_pages_that_the_table_says() {
    for page in leptos_axum::generate_route_list(app::App) {
        let path: String = page
            .path()
            .split('/')
            .map(|part| if part.starts_with('{') { "ID" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let walked = PAGES.iter().any(|(page, ..)| *page == path);
        // The parts are shown in development alone, to whoever is signed in.
        assert!(
            walked != (guard::PUBLIC.contains(&path.as_str()) || path == "/design"),
            "{path} is in no table, or in two"
        );
    }
    walk(PAGES.into_iter().map(|way| (Method::GET, way.0.to_owned(), way))).await;
}
