//! One of everything that an address or a form can name, real and of the administrator.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{FORM_TYPE, House, PASSWORD, USERNAME, book, form, request, with_body};

/// A placeholder of a form with what stands in its place.
pub(crate) struct Things(Vec<(&'static str, String)>);

impl Things {
    pub(crate) async fn made(house: &House, admin: &str) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let _working = house.worker();
        let group = house.json(Method::POST, "/api/v1/groups", admin, &json!({ "tag": "GRP" })).await.json();
        let edit = json!({ "group": group["id"], "rights": { "basis": "CC-BY-4.0" } });
        let packed = house.draft(admin).await;
        let path = format!("/api/v1/releases/{packed}");
        let edited = house.json(Method::PATCH, &path, admin, &edit).await;
        assert_eq!(edited.status, StatusCode::OK, "{}", edited.text());
        let job = house.json(Method::POST, &format!("{path}/pack"), admin, &json!({})).await.json();
        let package = house.until_status(admin, &packed, "packed").await["packages"][0]["id"].clone();
        let release = house.draft(admin).await;
        let contributor = house.person(admin, "sender", "contributor").await;
        let mut entries = Vec::new();
        for _ in 0..2 {
            let headers = [("authorization", contributor.as_str()), ("content-type", FORM_TYPE)];
            let sent = house.send(with_body(Method::POST, "/api/v1/books", &headers, form("a.epub", &book()))).await;
            assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
            house.until_status(admin, &text(&sent.json()["release"]), "draft").await;
        }
        let headers = [("authorization", admin), ("tus-resumable", "1.0.0"), ("upload-length", "5")];
        let inbox = house.send(request(Method::GET, "/api/v1/inbox?state=waiting", &headers[..1])).await.json();
        entries.extend(inbox["items"].as_array().unwrap().iter().map(|entry| text(&entry["id"])));
        let named = [("upload-metadata", "filename YS5lcHVi")];
        let upload = house.send(request(Method::POST, "/api/v1/uploads", &[&headers[..], &named].concat())).await;
        let upload = upload.header("location").rsplit('/').next().unwrap().to_owned();
        let token = json!({ "name": "script", "scope": "read", "days": 1 });
        let token = house.json(Method::POST, "/api/v1/account/tokens", admin, &token).await.json();
        house.sign_in(USERNAME, PASSWORD).await;
        let sessions = house.send(request(Method::GET, "/api/v1/account/sessions", &headers[..1])).await.json();
        let other = sessions.as_array().unwrap().iter().find(|session| session["current"] != true).unwrap();
        house.person(admin, "zoe", "viewer").await;
        let users = house.send(request(Method::GET, "/api/v1/users", &headers[..1])).await.json();
        let own = users.as_array().unwrap().iter().find(|user| user["username"] == USERNAME).unwrap();
        let zoe = users.as_array().unwrap().iter().find(|user| user["username"] == "zoe").unwrap();
        house.json(Method::POST, "/api/v1/roles", admin, &json!({ "name": "Spare", "grants": [] })).await;
        Self(vec![
            ("SECONDENTRY", entries.remove(1)),
            ("ENTRY", entries.remove(0)),
            ("USERNAME", USERNAME.to_owned()),
            ("PASSWORD", PASSWORD.replace(' ', "+")),
            ("PACKED", packed),
            ("PACKAGE", text(&package)),
            ("RELEASE", release),
            ("GROUP", text(&group["id"])),
            ("SESSION", text(&other["id"])),
            ("TOKEN", text(&token["id"])),
            ("UPLOAD", upload),
            ("ADMIN", text(&own["id"])),
            ("USER", text(&zoe["id"])),
            ("JOB", text(&job["job"])),
        ])
    }

    /// A form or an address with real ids in the place of its placeholders.
    pub(crate) fn put(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    /// The path of a route with the id of a real thing of its kind.
    pub(crate) fn path(&self, path: &str) -> String {
        let kinds = [
            ("/releases/", "RELEASE"),
            ("/packages/", "PACKAGE"),
            ("/jobs/", "JOB"),
            ("/groups/", "GROUP"),
            ("/users/", "USER"),
            ("/uploads/", "UPLOAD"),
            ("/tokens/", "TOKEN"),
            ("/sessions/", "SESSION"),
            ("/inbox/", "ENTRY"),
        ];
        let kind = kinds.into_iter().find(|(part, _)| path.contains(part));
        kind.map_or_else(|| path.to_owned(), |(_, name)| self.put(&path.replace("ID", name)))
    }
}
