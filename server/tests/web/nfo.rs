//! What people write reaches the NFO, the DIZ and the names of files: in a page it is text, in a file bytes that no browser
//! runs, in a template a value and never a template.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::{Answer, FORM_TYPE, House, form, request, with_body},
    hostile::{as_read, assert_harmless, encoded},
};

/// Markup, templates, control sequences of terminals, and what ends the elements that an NFO stands in. None is longer than
/// a line of an NFO has room for.
const PAYLOADS: [&str; 7] = [
    "</pre><script>alert(1)</script>",
    "</textarea><svg onload=alert(1)>",
    "\"><img src=x onerror=alert(1)>",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{ 7 * 191 }}{% raw %}<b>",
    "]]><iframe src=javascript:alert(1)>",
];

struct Press {
    house: House,
    admin: String,
    group: Value,
}

impl Press {
    async fn new() -> Self {
        let house = House::new().await;
        let admin = house.signed_in().await;
        let group = house.json(Method::POST, "/api/v1/groups", &admin, &json!({ "tag": "GRP" })).await;
        Self { group: group.json()["id"].clone(), house, admin }
    }

    async fn get(&self, path: &str) -> Answer {
        let headers = [("authorization", self.admin.as_str()), ("accept", "text/html")];
        self.house.send(request(Method::GET, path, &headers)).await
    }

    async fn post(&self, door: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [("authorization", self.admin.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let form: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.house.send(with_body(Method::POST, &format!("/api/app/{door}"), &headers, form.join("&"))).await
    }

    async fn upload(&self, name: &str, bytes: &[u8]) -> String {
        let headers = [("authorization", self.admin.as_str()), ("content-type", FORM_TYPE)];
        let sent = self.house.send(with_body(Method::POST, "/api/v1/books", &headers, form(name, bytes))).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
        sent.json()["release"].as_str().unwrap().to_owned()
    }

    /// A release with the payload in every text that the info files are made of, packed.
    async fn packed(&self, payload: &str, profile: &str) -> String {
        let bytes = crate::sample_book::epub(&payload.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
        let release = self.upload(&payload.replace(['"', '/', '\\'], "_"), &bytes).await;
        self.house.until_status(&self.admin, &release, "draft").await;
        let fields = ["title", "authors", "publisher", "description", "genre", "edition"];
        let changes: Vec<_> = fields.iter().map(|field| json!({ "field": field, "values": [payload] })).collect();
        let rights = json!({ "basis": "permission", "note": payload });
        let edit = json!({ "changes": changes, "rights": rights, "group": self.group, "profile": profile });
        let path = format!("/api/v1/releases/{release}");
        let edited = self.house.json(Method::PATCH, &path, &self.admin, &edit).await;
        assert_eq!(edited.status, StatusCode::OK, "{payload}: {}", edited.text());
        let packing = self.house.json(Method::POST, &format!("{path}/pack"), &self.admin, &json!({})).await;
        assert_eq!(packing.status, StatusCode::ACCEPTED, "{payload}: {}", packing.text());
        self.house.until_status(&self.admin, &release, "packed").await;
        release
    }

    /// A profile whose NFO template has markup of its own around the values.
    async fn profile(&self) -> String {
        let mut profile =
            packer::profile::Profile::built_ins().find(|profile| profile.name == "plain").unwrap().clone();
        "house-markup".clone_into(&mut profile.name);
        let own = format!("<script>alert(2)</script>\n{}\n</pre>\n", profile.nfo.template_text());
        profile.nfo.text = Some(own);
        let text = profile.to_toml().unwrap();
        let fields = [("form[draft]", "house-markup"), ("form[seen]", "0"), ("form[text]", text.as_str())];
        let saved = self.post("profile-save", &fields).await;
        assert!(saved.status.is_success() || saved.status.is_redirection(), "{} {}", saved.status, saved.text());
        profile.name
    }
}

/// What stands in an element of a page, as it is sent.
fn inside<'a>(page: &'a str, open: &str, close: &str) -> &'a str {
    page.split(open).nth(1).unwrap_or_else(|| panic!("no {open} in {page}")).split(close).next().unwrap()
}

/// Without the breaks that lines of 80 columns make.
fn joined(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace()).collect()
}

/// Nothing in it runs, whoever opens it.
fn assert_sealed(answer: &Answer, place: &str) {
    assert_eq!(answer.status, StatusCode::OK, "{place}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{place}");
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "{place}"
    );
    assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1, "{place}");
    assert!(["application/octet-stream", "application/zip"].contains(&answer.header("content-type")), "{place}");
    let disposition = answer.header("content-disposition");
    let name = disposition.strip_prefix("attachment; filename=\"").and_then(|rest| rest.strip_suffix('"'));
    assert_plain(name.unwrap_or_else(|| panic!("{place}: {disposition}")), place);
}

/// A name of the characters that names of releases have, and so no markup, no path and no header.
fn assert_plain(name: &str, place: &str) {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "._()-".contains(sign);
    assert!(!name.is_empty() && name.chars().all(is_plain), "{place}: {name}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_write_into_an_nfo_runs_nowhere() {
    for profile in ["scene-ebook", "plain", "bagit"] {
        write_all(&Press::new().await, profile).await;
    }
    let press = Press::new().await;
    let own = press.profile().await;
    write_all(&press, &own).await;
}

/// Every payload once, in a house of its own: one person may not ask for all of it at once.
async fn write_all(press: &Press, profile: &str) {
    let _working = press.house.worker();
    for payload in PAYLOADS {
        let place = format!("{payload} under {profile}");
        let release = press.packed(payload, profile).await;
        as_a_page(press, &release, payload, &place).await;
        as_files(press, &release, payload, &place, profile).await;
        press.house.json(Method::DELETE, &format!("/api/v1/releases/{release}"), &press.admin, &json!({})).await;
    }
}

/// The viewer, the page of the job with its log, and the preview.
async fn as_a_page(press: &Press, release: &str, payload: &str, place: &str) {
    let page = press.get(&format!("/releases/{release}")).await;
    assert!(page.header("content-type").starts_with("text/html"), "{place}");
    let page = page.text();
    assert_harmless(&page, place);
    let nfo = inside(&page, "<pre id=\"nfo-text\">", "</pre>").trim_end_matches("<!>");
    assert!(!nfo.contains('<'), "{place}: {nfo}");
    assert!(joined(&as_read(nfo)).contains(&joined(payload)), "{place}: not shown, so not tried: {nfo}");
    assert!(!nfo.contains("1337"), "{place}: a value was taken for a template");
    // The two buttons that save it get the name of the release, and no text of anybody.
    for ending in ["png", "txt"] {
        let button = inside(&page, &format!("data-nfo=\"{ending}\""), ">");
        assert_plain(inside(button, "data-name=\"", "\""), place);
    }
    let known = press.get(&format!("/api/v1/releases/{release}")).await.json();
    for job in known["jobs"].as_array().unwrap() {
        let id = job["id"].as_str().unwrap();
        assert_harmless(&press.get(&format!("/jobs/{id}")).await.text(), place);
        let log = press.get(&format!("/api/v1/jobs/{id}/log")).await;
        assert_eq!((log.header("content-type"), log.header("x-content-type-options")), ("application/json", "nosniff"));
    }
    let preview = press.get(&format!("/api/v1/releases/{release}/preview")).await;
    assert_eq!(preview.header("content-type"), "application/json", "{place}");
    assert!(preview.header("content-security-policy").contains("default-src 'none'"), "{place}");
    assert!(joined(preview.json()["nfo_text"].as_str().unwrap()).contains(&joined(payload)), "{place}");
}

/// Every file of the package, and the whole of it.
async fn as_files(press: &Press, release: &str, payload: &str, place: &str, profile: &str) {
    let known = press.get(&format!("/api/v1/releases/{release}")).await.json();
    let package = known["packages"][0]["id"].as_str().unwrap();
    let known = press.get(&format!("/api/v1/packages/{package}")).await.json();
    assert_plain(known["name"].as_str().unwrap(), place);
    let files = known["files"].as_array().unwrap();
    let mut written = Vec::new();
    for file in files {
        let path = file["path"].as_str().unwrap();
        path.split('/').for_each(|part| assert_plain(part, place));
        assert!(path.split('/').all(|part| part != ".."), "{place}: {path}");
        let answer = press.get(&format!("/api/v1/packages/{package}/files/{}", file["position"])).await;
        assert_sealed(&answer, place);
        // Whatever somebody writes behind it, the address gives the same.
        let named = press.get(&format!("/packages/{package}/files/{}/x.html", file["position"])).await;
        assert_sealed(&named, place);
        assert_eq!(named.body, answer.body);
        if std::path::Path::new(path).extension().is_some_and(|ending| ending == "nfo") {
            written.push(String::from_utf8_lossy(&answer.body).into_owned());
        }
    }
    assert_sealed(&press.get(&format!("/api/v1/packages/{package}/archive")).await, place);
    // A bag is one file, and its NFO inside of it.
    if profile != "bagit" {
        assert!(!written.is_empty(), "{place}: no NFO among {files:?}");
    }
    for nfo in written {
        assert!(joined(&nfo).contains(&joined(payload)) && !nfo.contains("1337"), "{place}: {nfo}");
        assert!(!nfo.contains('\u{1b}'), "{place}: a terminal would obey");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_of_a_file_that_attacks_is_text_in_the_log_of_its_job() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let _working = house.worker();
    let press = Press { house, admin, group: Value::Null };
    for payload in PAYLOADS {
        let name = format!("{}.epub", payload.replace(['"', '/', '\\'], "_"));
        for (what, bytes) in [("no book", b"no book at all".to_vec()), ("a book", crate::harness::book())] {
            let release = press.upload(&name, &bytes).await;
            let known = press.house.until_status(&press.admin, &release, "draft").await;
            let job = known["jobs"][0]["id"].as_str().unwrap();
            for path in
                [format!("/jobs/{job}"), format!("/releases/{release}"), "/jobs".to_owned(), "/releases".to_owned()]
            {
                assert_harmless(&press.get(&path).await.text(), &format!("{payload}, {what}, on {path}"));
            }
        }
    }
}
