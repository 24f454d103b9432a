//! Texts that attack: markup through every field that is shown, statements through every parameter, paths that climb.

use axum::http::{Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::harness::{FORM_TYPE, House, form, request, with_body};

const MARKUP: [&str; 6] = [
    "</textarea><svg onload=alert(1)>",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title><svg onload=alert(1)>",
    "javascript:alert(1)",
];

pub(crate) const STATEMENTS: [&str; 8] = [
    "' OR '1'='1",
    "'; DROP TABLE users; --",
    "1 OR 1=1",
    "\" OR \"\"=\"",
    "') UNION SELECT password_hash FROM users --",
    "\\'; SELECT SLEEP(5) #",
    "%' AND 1=0 UNION ALL SELECT NULL,NULL --",
    "\u{0}",
];

pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// The tags of a page as a browser finds them: each with its attributes, quoted values kept apart by their quotes.
/// Inside of scripts, styles, titles and text areas nothing but their own end is a tag.
fn tags(page: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(open) = rest.find('<') {
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end..]);
            continue;
        }
        if !rest[1..].starts_with(|next: char| next.is_ascii_alphabetic() || next == '/') {
            rest = &rest[1..];
            continue;
        }
        let mut quote = None;
        let end = rest.char_indices().find(|(_, sign)| {
            if let Some(open) = quote {
                quote = quote.filter(|_| *sign != open);
                return false;
            }
            quote = ['"', '\''].into_iter().find(|quote| quote == sign);
            *sign == '>'
        });
        let Some((end, _)) = end else { break };
        let tag = &rest[..end];
        tags.push(tag);
        rest = &rest[end..];
        let name = tag[1..].split(|sign: char| !sign.is_ascii_alphanumeric()).next().unwrap();
        if ["script", "style", "title", "textarea"].contains(&name) {
            rest = rest.find(&format!("</{name}")).map_or("", |end| &rest[end..]);
        }
    }
    tags
}

/// No tag and no attribute of an attack is one of the page.
pub(crate) fn assert_harmless(page: &str, place: &str) {
    let tags = tags(page);
    assert!(tags.len() > 10, "{place} has no page: {page}");
    for tag in tags {
        let bare: String = tag.split('"').step_by(2).collect();
        for wrong in [" onerror", " onload", " onmouseover", "alert("] {
            assert!(!bare.contains(wrong), "{place}: {tag}");
        }
        assert!(!tag.starts_with("<script") || bare.contains(" nonce="), "{place}: {tag}");
        let addresses = ["href=\"javascript:", "src=\"javascript:", "action=\"javascript:"];
        assert!(!addresses.iter().any(|wrong| tag.contains(wrong)), "{place}: {tag}");
    }
}

/// The text of a page as a person reads it, attributes and all.
pub(crate) fn as_read(page: &str) -> String {
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    signs.into_iter().fold(page.to_owned(), |page, (entity, sign)| page.replace(entity, sign))
}

#[test]
fn an_attack_that_is_markup_is_found() {
    let page = |inside: &str| format!("<html><body>{}{inside}</body></html>", "<p>a</p>".repeat(10));
    for harmless in
        ["&lt;script>alert(1)", "<a title=\"><img onerror=alert(1)>\">x</a>", "<textarea><svg onload=x></textarea>"]
    {
        assert_harmless(&page(harmless), harmless);
    }
    for attack in [
        "<script>alert(1)</script>",
        "<textarea></textarea><svg onload=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a title=\"\" onmouseover=\"alert(1)\">x</a>",
    ] {
        let page = page(attack);
        assert!(std::panic::catch_unwind(|| assert_harmless(&page, attack)).is_err(), "{attack}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn markup_in_any_text_is_shown_as_text() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let _working = house.worker();
    let group = house.json(Method::POST, "/api/v1/groups", &admin, &json!({ "tag": "GRP" })).await.json();
    let contributor = house.person(&admin, "sender", "contributor").await;
    let mut before: Option<String> = None;
    let mut absent = Vec::new();
    for (number, attack) in MARKUP.into_iter().enumerate() {
        let headers = [("authorization", admin.as_str()), ("content-type", FORM_TYPE)];
        let bytes = crate::sample_book::epub(&attack.replace('&', "&amp;").replace('<', "&lt;"));
        let name = attack.replace(['"', '/', '\\'], "_");
        let sent = house.send(with_body(Method::POST, "/api/v1/books", &headers, form(&name, &bytes))).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
        let release = sent.json()["release"].as_str().unwrap().to_owned();
        house.until_status(&admin, &release, "draft").await;
        let fields = ["title", "authors", "publisher", "description", "genre"];
        let changes: Vec<_> = fields.iter().map(|field| json!({ "field": field, "values": [attack] })).collect();
        let rights = json!({ "basis": "own-work", "note": attack });
        let edit = json!({ "changes": changes, "rights": rights, "group": group["id"] });
        let edited = house.json(Method::PATCH, &format!("/api/v1/releases/{release}"), &admin, &edit).await;
        assert_eq!(edited.status, StatusCode::OK, "{}", edited.text());
        let packing = house.json(Method::POST, &format!("/api/v1/releases/{release}/pack"), &admin, &json!({})).await;
        assert_eq!(packing.status, StatusCode::ACCEPTED, "{}", packing.text());
        let packing = packing.json()["job"].as_str().unwrap().to_owned();
        house.until_status(&admin, &release, "packed").await;
        decline_with(&house, &admin, &contributor, attack).await;
        let profile = write_profile(&house, &admin, number, attack).await;
        post(&house, &admin, "save-view", &[("name", attack), ("query", &format!("?q={}", encoded(attack)))]).await;
        refuse_as_names(&house, &admin, attack).await;
        let user = json!({ "username": format!("user{number}"), "display_name": attack, "password": "a good long password", "role": "editor" });
        let made = house.json(Method::POST, "/api/v1/users", &admin, &user).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let user = made.json()["id"].as_str().unwrap().to_owned();
        let token = json!({ "name": attack, "scope": "read", "days": 1, "current": crate::harness::PASSWORD });
        house.json(Method::POST, "/api/v1/account/tokens", &admin, &token).await;
        let agent = [("user-agent", attack), ("content-type", "application/json")];
        let body = json!({ "username": crate::harness::USERNAME, "password": crate::harness::PASSWORD }).to_string();
        house.send(with_body(Method::POST, "/api/v1/sessions", &agent, body)).await;
        let made = post(&house, &admin, "make-verify-link", &[("release", &release)]).await;
        let link = made.header("set-cookie").split(';').next().unwrap().rsplit('.').next().unwrap().to_owned();
        let compared = before.replace(release.clone()).unwrap_or_else(|| release.clone());
        let reflected = encoded(attack);
        let shown = [
            "/releases".to_owned(),
            format!("/releases/{release}"),
            format!("/releases/{release}?compare={compared}"),
            format!("/releases/{release}/review"),
            format!("/verify/release?link={link}"),
            "/users".to_owned(),
            format!("/users/{user}"),
            "/audit".to_owned(),
            "/account".to_owned(),
            "/inbox?state=declined".to_owned(),
            format!("/profiles/{profile}/edit"),
            format!("/releases?q={reflected}"),
        ];
        for path in shown {
            let headers = [("authorization", admin.as_str()), ("accept", "text/html")];
            let page = house.send(request(Method::GET, &path, &headers)).await.text();
            assert_harmless(&page, &path);
            if !as_read(&page).contains(attack) {
                absent.push(format!("{attack} on {path}"));
            }
        }
        let pages = [
            "/new".to_owned(),
            // Jobs are of packages, whose names take no markup.
            "/jobs".to_owned(),
            format!("/jobs/{packing}"),
            "/groups".to_owned(),
            "/inbox".to_owned(),
            "/profiles".to_owned(),
            format!("/profiles/{profile}"),
            "/profiles/new".to_owned(),
            format!(
                "/profiles/{profile}?find={reflected}&found={reflected}&release={reflected}&compare={reflected}&done={reflected}"
            ),
            format!("/profiles/new?from={reflected}&find={reflected}&release={reflected}"),
            format!("/jobs?state={reflected}&kind={reflected}&after={reflected}"),
            format!("/users?done={reflected}&__path=%2Fapi%2Fapp%2Fcreate-user&__err={reflected}"),
            format!("/forgotten?__path=%2Fapi%2Fapp%2Fask-for-letter&__err={reflected}"),
            format!("/releases?q={reflected}&status={reflected}&after={reflected}"),
            format!("/audit?subject={reflected}&from={reflected}&actor={reflected}&after={reflected}"),
            format!("/roles?role={reflected}&done={reflected}"),
            format!("/inbox?state={reflected}&after={reflected}"),
            format!("/sign-in?return={reflected}&done={reflected}&__path=%2Fapi%2Fapp%2Fsign-in&__err={reflected}"),
            format!("/sign-in/code?return={reflected}"),
            format!("/reset?token={reflected}"),
            format!("/setup?token={reflected}"),
            format!("/{reflected}"),
            format!("/findings/{reflected}"),
        ];
        for path in pages {
            let headers = [("authorization", admin.as_str()), ("accept", "text/html")];
            let answer = house.send(request(Method::GET, &path, &headers)).await;
            assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
            assert_harmless(&answer.text(), &path);
        }
    }
    assert!(absent.is_empty(), "not shown, so not tried: {absent:#?}");
}

/// Sends a plain form in somebody's name.
async fn post(house: &House, bearer: &str, door: &str, fields: &[(&str, &str)]) -> crate::harness::Answer {
    let headers = [("authorization", bearer), ("content-type", "application/x-www-form-urlencoded")];
    let form: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let door = format!("/api/app/{door}");
    let answer = house.send(with_body(Method::POST, &door, &headers, form.join("&"))).await;
    assert!(!answer.status.is_server_error(), "{door}: {} {:?}", answer.status, answer.body);
    answer
}

/// A contributor's book with that name, declined with that note.
async fn decline_with(house: &House, admin: &str, contributor: &str, text: &str) {
    let name = format!("{}.epub", text.replace(['"', '/', '\\'], "_"));
    let headers = [("authorization", contributor), ("content-type", FORM_TYPE)];
    let book = form(&name, &crate::sample_book::epub("Sent in"));
    let sent = house.send(with_body(Method::POST, "/api/v1/books", &headers, book)).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    let inbox = house.send(request(Method::GET, "/api/v1/inbox?state=waiting", &[("authorization", admin)])).await;
    let entry = inbox.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let declining = async || {
        house.json(Method::POST, &format!("/api/v1/inbox/{entry}/decline"), admin, &json!({ "note": text })).await
    };
    // While it is being read it cannot be declined.
    while declining().await.json_or_nothing()["code"] == "job-running" {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let inbox = house.send(request(Method::GET, "/api/v1/inbox?state=declined", &[("authorization", admin)])).await;
    assert_eq!(inbox.json()["items"][0]["note"], text);
}

/// A profile of the house with that text in it, and a draft of one that is nothing but that text.
async fn write_profile(house: &House, admin: &str, number: usize, text: &str) -> String {
    let name = format!("house-{number}");
    let profile = packer::profile::Profile {
        name: name.clone(),
        ..packer::profile::Profile::built_ins().next().unwrap().clone()
    };
    let toml = format!("# {text}\n{}", profile.to_toml().unwrap());
    let saved =
        post(house, admin, "profile-save", &[("form[draft]", &name), ("form[seen]", "0"), ("form[text]", &toml)]).await;
    assert!(saved.status.is_success() || saved.status.is_redirection(), "{} {:?}", saved.status, saved.body);
    for draft in [name.as_str(), "new"] {
        post(house, admin, "profile-save", &[("form[draft]", draft), ("form[seen]", "1"), ("form[text]", text)]).await;
    }
    name
}

/// What is a name of something else takes no markup at all.
async fn refuse_as_names(house: &House, admin: &str, text: &str) {
    for (path, body) in [
        ("/api/v1/groups", json!({ "tag": text })),
        ("/api/v1/roles", json!({ "name": text, "grants": [] })),
        (
            "/api/v1/users",
            json!({ "username": text, "display_name": "x", "password": crate::harness::PASSWORD, "role": "viewer" }),
        ),
        (
            "/api/v1/users",
            json!({ "username": "x1", "display_name": "x", "password": crate::harness::PASSWORD, "role": "viewer", "email": text }),
        ),
    ] {
        let answer = house.json(Method::POST, path, admin, &body).await;
        assert!(answer.status.is_client_error(), "{path}: {} {}", answer.status, answer.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_in_any_parameter_is_a_value() {
    House::on_both_engines(statements_do_nothing).await;
}

async fn statements_do_nothing(house: House) {
    let admin = house.signed_in().await;
    let release = house.draft_without_waiting(&admin).await;
    let begun = std::time::Instant::now();
    for attack in STATEMENTS {
        let text = encoded(attack);
        let gets = [
            format!("/api/v1/releases?search={text}"),
            format!("/api/v1/releases?language={text}"),
            format!("/api/v1/releases?rights={text}"),
            format!("/api/v1/releases?after={text}"),
            format!("/api/v1/releases?group={text}"),
            format!("/api/v1/releases/{text}"),
            format!("/api/v1/jobs?after={text}&state={text}"),
            format!("/api/v1/jobs/{text}/log?after={text}"),
            format!("/api/v1/audit?subject={text}"),
            format!("/api/v1/audit?actor={text}"),
            format!("/api/v1/audit?after={text}"),
            format!("/api/v1/audit/export?subject={text}"),
            format!("/api/v1/inbox?after={text}&state={text}"),
            format!("/api/v1/users/{text}"),
            format!("/api/v1/packages/{text}/files/{text}"),
            format!("/releases?q={text}&group={text}&sort={text}"),
            format!("/audit?actor={text}&subject={text}"),
        ];
        for path in gets {
            let answer = house.send(request(Method::GET, &path, &[("authorization", &admin)])).await;
            assert!(answer.status.as_u16() < 500, "{path}: {} {:?}", answer.status, answer.body);
            assert!(!answer.body.windows(9).any(|part| part == b"$argon2id"), "{path}");
        }
        let posts = [
            (Method::POST, "/api/v1/groups".to_owned(), json!({ "tag": attack })),
            (Method::POST, "/api/v1/roles".to_owned(), json!({ "name": attack, "grants": [] })),
            (Method::DELETE, format!("/api/v1/roles/{text}"), json!({})),
            (
                Method::POST,
                "/api/v1/account/tokens".to_owned(),
                json!({ "name": attack, "scope": "read", "days": 1, "current": attack }),
            ),
            (
                Method::POST,
                "/api/v1/users".to_owned(),
                json!({ "username": attack, "display_name": attack, "password": "a good long password", "role": "viewer" }),
            ),
            (
                Method::PATCH,
                format!("/api/v1/releases/{release}"),
                json!({ "changes": [{ "field": "title", "values": [attack] }], "rights": { "basis": attack, "note": attack }, "profile": attack }),
            ),
        ];
        for (method, path, body) in posts {
            let answer = house.json(method, &path, &admin, &body).await;
            assert!(answer.status.as_u16() < 500, "{path} {attack:?}: {} {:?}", answer.status, answer.body);
        }
        let sign_in = house.sign_in(attack, attack).await;
        assert!([401, 429].contains(&sign_in.status.as_u16()), "{attack:?}: {}", sign_in.status);
    }
    assert!(begun.elapsed().as_secs() < 60, "something slept");
    // Everybody and everything is still there, and still the only one of its name.
    let users = house.send(request(Method::GET, "/api/v1/users", &[("authorization", &admin)])).await.json();
    assert!(users.as_array().unwrap().iter().any(|user| user["username"] == crate::harness::USERNAME));
    let releases = house.send(request(Method::GET, "/api/v1/releases", &[("authorization", &admin)])).await.json();
    assert_eq!(releases["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_path_that_climbs_leads_nowhere() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    for path in [
        "/pkg/../../etc/passwd",
        "/pkg/..%2f..%2f..%2fetc%2fpasswd",
        "/..%2f..%2fsecrets%2fjwt-secret-key",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/fonts/%2e%2e/%2e%2e/Cargo.toml",
        "//etc/passwd",
        "/packages/01ARZ3NDEKTSV4RRFFQ69G5FAV/files/0/..%2f..%2fetc%2fpasswd",
        "/api/v1/packages/..%2f..%2fsecrets/files/0",
        "/worker/..\\..\\etc\\passwd",
    ] {
        let Ok(uri) = path.parse::<axum::http::Uri>() else { continue };
        let mut request = request(Method::GET, "/", &[("authorization", &admin)]);
        *request.uri_mut() = uri;
        let answer = house.send(request).await;
        assert!([400, 404].contains(&answer.status.as_u16()), "{path}: {}", answer.status);
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(!text.contains("root:") && !text.contains("[package]"), "{path}");
    }
    // The name of an upload is a text and never a place.
    let headers = [("authorization", admin.as_str()), ("content-type", FORM_TYPE)];
    let bytes = crate::harness::book();
    let sent = house
        .send(with_body(Method::POST, "/api/v1/books", &headers, form("../../../etc/cron.d/x.epub", &bytes)))
        .await;
    assert_eq!(sent.status, StatusCode::CREATED);
    let path = format!("/api/v1/releases/{}", sent.json()["release"].as_str().unwrap());
    let release = house.send(request(Method::GET, &path, &headers[..1])).await.json();
    assert_eq!(release["file_name"], "x.epub");
}
