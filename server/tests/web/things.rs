//! One of everything that an address or a form can name, real and of the administrator.

use axum::http::{Method, StatusCode};
use packer::{builder::Kindle, profile::Profile};
use serde_json::{Value, json};

use crate::{
    harness::{FORM_TYPE, House, PASSWORD, USERNAME, book, form, request, with_body},
    hostile::encoded,
};

/// A placeholder of a form with what stands in its place.
pub(crate) struct Things(Vec<(&'static str, String)>);

impl Things {
    pub(crate) async fn made(house: &House, admin: &str) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let working = house.worker();
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
        let to_queue = house.draft(admin).await;
        let covered = Kindle::new(6, "With a cover").cover([0xff, 0xd8, 0xff, 0xe0, 0, 16]).build();
        let headers = [("authorization", admin), ("content-type", FORM_TYPE)];
        let sent = house.send(with_body(Method::POST, "/api/v1/books", &headers, form("a.mobi", &covered))).await;
        let covered = text(&sent.json()["release"]);
        house.until_status(admin, &covered, "draft").await;
        working.stop().await;
        // Nobody works any more: what is queued stays queued.
        let path = format!("/api/v1/releases/{to_queue}");
        let other = json!({ "group": group["id"], "rights": { "basis": "CC-BY-4.0" }, "changes": [{ "field": "title", "values": ["Queued"] }] });
        house.json(Method::PATCH, &path, admin, &other).await;
        let queued = house.json(Method::POST, &format!("{path}/pack"), admin, &json!({})).await.json();
        let headers = [("authorization", admin), ("tus-resumable", "1.0.0"), ("upload-length", "5")];
        let inbox = house.send(request(Method::GET, "/api/v1/inbox?state=waiting", &headers[..1])).await.json();
        entries.extend(inbox["items"].as_array().unwrap().iter().map(|entry| text(&entry["id"])));
        let named = [("upload-metadata", "filename YS5lcHVi")];
        let begin = async || {
            let upload = house.send(request(Method::POST, "/api/v1/uploads", &[&headers[..], &named].concat())).await;
            upload.header("location").rsplit('/').next().unwrap().to_owned()
        };
        let (upload, second_upload, third_upload) = (begin().await, begin().await, begin().await);
        let token = json!({ "name": "script", "scope": "read", "days": 1, "current": PASSWORD });
        let token = house.json(Method::POST, "/api/v1/account/tokens", admin, &token).await.json();
        house.sign_in(USERNAME, PASSWORD).await;
        let sessions = house.send(request(Method::GET, "/api/v1/account/sessions", &headers[..1])).await.json();
        let other = sessions.as_array().unwrap().iter().find(|session| session["current"] != true).unwrap();
        house.person(admin, "zoe", "viewer").await;
        house.write_to("zoe", "zoe@example.org").await;
        let profile = Profile { name: "of-things".to_owned(), ..Profile::built_ins().next().unwrap().clone() };
        let users = house.send(request(Method::GET, "/api/v1/users", &headers[..1])).await.json();
        let own = users.as_array().unwrap().iter().find(|user| user["username"] == USERNAME).unwrap();
        let zoe = users.as_array().unwrap().iter().find(|user| user["username"] == "zoe").unwrap();
        house.json(Method::POST, "/api/v1/roles", admin, &json!({ "name": "Spare", "grants": [] })).await;
        Self(vec![
            ("SECONDENTRY", entries.remove(1)),
            ("SECONDUPLOAD", second_upload),
            ("THIRDUPLOAD", third_upload),
            ("QUEUED", text(&queued["job"])),
            ("COVERED", covered),
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
            // The last: a text of its own, in which the others are no placeholders.
            ("PROFILE", encoded(&profile.to_toml().unwrap())),
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
        let path = path.replace("/roles/name", "/roles/Spare");
        let path = path.as_str();
        let kind = kinds.into_iter().find(|(part, _)| path.contains(part));
        kind.map_or_else(|| path.to_owned(), |(_, name)| self.put(&path.replace("ID", name)))
    }
}
