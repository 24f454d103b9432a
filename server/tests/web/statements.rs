//! Statements of SQL in every parameter of every door and every route, on both engines: each is a value, and nothing else.
//! Everything else of the request is real, so that the attack gets as far as a harmless value does.

use axum::http::{Method, StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{
    guard,
    harness::{House, ORIGIN, PASSWORD, USERNAME, request, with_body},
    hostile::{STATEMENTS, encoded},
    roles::ROUTES,
    things::Things,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// A form with the value of one parameter in its place.
fn with_value(form: &str, parameter: usize, value: &str) -> Option<String> {
    let mut parts: Vec<String> = form.split('&').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let part = parts.get_mut(parameter)?;
    let name = part.split('=').next()?.to_owned();
    *part = format!("{name}={}", encoded(value));
    Some(parts.join("&"))
}

/// The body with the attack in the place of one of its texts after the other.
fn with_text(body: &Value, attack: &str) -> Vec<Value> {
    let each =
        |value: &Value, put: &dyn Fn(Value) -> Value| with_text(value, attack).into_iter().map(put).collect::<Vec<_>>();
    match body {
        Value::String(_) => vec![Value::String(attack.to_owned())],
        Value::Array(some) => (0..some.len())
            .flat_map(|place| {
                each(&some[place], &|value| {
                    let mut some = some.clone();
                    some[place] = value;
                    Value::Array(some)
                })
            })
            .collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| {
                each(value, &|value| {
                    let mut members = members.clone();
                    members.insert(name.clone(), value);
                    Value::Object(members)
                })
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn each_parameter_is_reached() {
    assert_eq!(with_value("a=1&b=2", 1, "'").as_deref(), Some("a=1&b=%27"));
    assert_eq!(with_value("a=1&b=2", 2, "'"), None);
    assert_eq!(with_value("", 0, "'"), None);
    let body = serde_json::json!({ "a": "", "b": ["", 1] });
    let expected = [serde_json::json!({ "a": "'", "b": ["", 1] }), serde_json::json!({ "a": "", "b": ["'", 1] })];
    assert_eq!(with_text(&body, "'"), expected);
}

/// The doors with every parameter that they take, in an order in which each can do its work. True where it does: `false`
/// stands where more would be needed than one request, such as a code that is right.
const FORMS: [(&str, &str, bool); 45] = [
    ("set-locale", "locale=fr", true),
    ("set-theme", "theme=dark", true),
    ("sign-in", "username=USERNAME&password=PASSWORD&back=%2Freleases", true),
    ("sign-in-code", "code=123456&back=%2Freleases", false),
    ("reset-password", "token=0&new=PASSWORD", false),
    ("set-up", "token=0&username=eve&password=PASSWORD&display_name=Eve&group_tag=EVE", false),
    ("ask-for-letter", "name=USERNAME", false),
    ("change-password", "current=x&new=PASSWORD", false),
    ("set-email", "email=ada%40example.org&current=PASSWORD", true),
    ("end-session", "session=SESSION", true),
    ("create-token", "name=script&scope=read&days=1", true),
    ("end-token", "token=TOKEN", true),
    ("confirm-codes", "code=123456", false),
    ("end-codes", "current=PASSWORD", true),
    ("take-book", "entry=ENTRY&group=GROUP", true),
    ("decline-book", "entry=SECONDENTRY&note=No", true),
    ("retry-job", "job=JOB", false),
    ("cancel-job", "job=JOB", false),
    (
        "profile-check",
        "form[draft]=new&form[seen]=0&form[over]=0&form[text]=x&form[release]=RELEASE&form[shown]=x",
        true,
    ),
    (
        "profile-save",
        "form[draft]=new&form[seen]=0&form[over]=0&form[text]=x&form[release]=RELEASE&form[shown]=x",
        false,
    ),
    (
        "profile-apply",
        "form[draft]=new&form[seen]=0&form[over]=0&form[text]=x&form[release]=RELEASE&form[shown]=x",
        true,
    ),
    ("profile-discard", "draft=new&is_new=true", true),
    ("verify", "release=PACKED", true),
    ("releases-act", "form[action]=verify&form[releases][]=PACKED&form[back]=%2Freleases", true),
    ("correct-release", "release=PACKED&tag=REPACK", true),
    ("make-verify-link", "release=PACKED", true),
    ("withdraw-verify-link", "release=PACKED", true),
    (
        "settings-change",
        "form[wanted][upload_hours]=24&form[wanted][job_days]=60&form[wanted][audit_days]=730&form[seen][upload_hours]=24&form[seen][job_days]=90&form[seen][audit_days]=730",
        true,
    ),
    (
        "review-save",
        "form[release]=RELEASE&form[group]=GROUP&form[title]=Title&form[authors]=Ada&form[publisher]=Press&form[language]=en&form[year]=2001&form[edition]=2&form[volume]=&form[issue]=&form[issue_date]=",
        true,
    ),
    ("review-preview", "form[release]=RELEASE&form[title]=Title&form[language]=en&form[year]=2001", true),
    ("review-pack", "form[release]=RELEASE&form[group]=GROUP&form[title]=Title", false),
    (
        "review-batch",
        "form[action]=set&form[releases][]=RELEASE&form[field]=publisher&form[value]=Press&form[group]=GROUP&form[rights]=licence&form[licence]=CC-BY-4.0&form[rights_note]=x",
        true,
    ),
    ("upload-discard", "upload=UPLOAD", true),
    ("create-user", "username=bob&display_name=Bob&password=PASSWORD&role=viewer&email=bob%40example.org", true),
    (
        "set-user-rights",
        "form[user]=USER&form[seen]=&form[roles][]=viewer&form[groups][]=GROUP&form[exceptions][]=",
        false,
    ),
    ("set-user-email", "user=USER&email=zoe%40example.org", true),
    ("make-reset-link", "user=USER", true),
    ("send-reset-letter", "user=USER", false),
    ("end-user-codes", "user=USER", true),
    ("set-user-active", "user=USER&active=true", true),
    ("create-group", "tag=OTHER", true),
    ("set-members", "group=GROUP&members[]=USER&seen[]=ADMIN", true),
    ("save-role", "form[name]=Readers&form[grants][]=", false),
    ("delete-role", "role=Spare", true),
    ("save-view", "name=Mine&query=%3Fq%3Da", true),
];

/// What comes last: it ends what the others need.
const LAST: [(&str, &str); 2] = [("delete-view", "name=Mine"), ("delete-release", "release=PACKED")];

/// Doors without a parameter.
const WITHOUT: [&str; 2] = ["begin-codes", "sign-out"];

/// Addresses of pages with every parameter of a query that they read.
const QUERIES: [&str; 12] = [
    "/releases?q=x&group=GROUP&status=draft&kind=Book&language=en&rights=own-work&sort=title&after=x&view=x&done=x",
    "/releases/RELEASE?compare=PACKED&done=x",
    "/jobs?state=failed&kind=pack&after=x&release=RELEASE",
    "/audit?actor=USER&subject=x&action=created&resource=releases&from=2001-01-01&until=2001-01-02&after=x",
    "/inbox?state=waiting&after=x&done=x",
    "/users?done=x&q=x",
    "/roles?role=x&done=x",
    "/settings?upload_hours=24&job_days=90&audit_days=730&done=x",
    "/profiles/new?from=x&release=RELEASE",
    "/verify/release?link=0000",
    "/reset?token=0000",
    "/setup?token=0000",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_in_any_parameter_of_any_way_in_is_a_value() {
    House::on_both_engines(try_everything).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_door_does_its_work_where_no_parameter_attacks() {
    House::on_both_engines(every_door_works).await;
}

async fn every_door_works(house: House) {
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        let name = path.strip_prefix("/api/app/").unwrap();
        let is_tried = FORMS.iter().any(|(door, ..)| *door == name) || LAST.iter().any(|(door, _)| *door == name);
        assert!(is_tried != WITHOUT.contains(&name), "{path} is in no table, or in two");
    }
    let admin = house.signed_in().await;
    let things = Things::made(&house, &admin).await;
    let mut wrong = Vec::new();
    for (door, form, does) in FORMS.into_iter().chain(LAST.map(|(door, form)| (door, form, true))) {
        let answer = send(&house, &admin, door, &things.put(form)).await;
        let did = answer.status.is_success() || answer.status.is_redirection();
        if did != does {
            wrong.push(format!("{door}: {} {}", answer.status, answer.text()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn send(house: &House, bearer: &str, door: &str, form: &str) -> crate::harness::Answer {
    let headers = [("authorization", bearer), ("content-type", FORM)];
    house.send(with_body(Method::POST, &format!("/api/app/{door}"), &headers, form.to_owned())).await
}

async fn try_everything(house: House) {
    let admin = house.signed_in().await;
    let things = Things::made(&house, &admin).await;
    let mut asked = 0;
    for (number, attack) in STATEMENTS.into_iter().enumerate() {
        // Each attack by somebody else: what one may ask for is limited.
        let bearer = house.person(&admin, &format!("attacker-{number}"), "admin").await;
        asked += doors(&house, &bearer, &things, attack).await + routes(&house, &bearer, &things, attack).await;
        asked += queries(&house, &bearer, &things, attack).await;
    }
    assert!(asked > 1_200, "only {asked} were tried");
    // Everybody and everything is still there.
    let users = house.send(request(Method::GET, "/api/v1/users", &[("authorization", &admin)])).await.json();
    let names: Vec<_> = users.as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect();
    assert!(names.contains(&USERNAME) && names.contains(&"attacker-7"), "{names:?}");
    for release in ["RELEASE", "PACKED"] {
        let path = things.put(&format!("/api/v1/releases/{release}"));
        let answer = house.send(request(Method::GET, &path, &[("authorization", &admin)])).await;
        assert_eq!(answer.status, StatusCode::OK, "{release}");
    }
}

fn is_public(door: &str) -> bool {
    guard::PUBLIC.iter().any(|public| public.strip_prefix("/api/app/") == Some(door))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_at_a_door_for_strangers_is_a_value() {
    // Each in a house of its own, where nobody is slowed yet.
    for attack in STATEMENTS {
        House::on_both_engines(|house| try_doors_of_strangers(house, attack)).await;
    }
}

async fn try_doors_of_strangers(house: House, attack: &str) {
    house.signed_in().await;
    for (door, form, _) in FORMS.into_iter().filter(|(door, ..)| is_public(door)) {
        let form = form.replace("USERNAME", USERNAME).replace("PASSWORD", &PASSWORD.replace(' ', "+"));
        for parameter in 0.. {
            let Some(body) = with_value(&form, parameter, attack) else { break };
            let headers = [("content-type", FORM), ("origin", ORIGIN)];
            let answer = house.send(with_body(Method::POST, &format!("/api/app/{door}"), &headers, body.clone())).await;
            assert!(!answer.status.is_server_error(), "{door} {body}: {} {}", answer.status, answer.text());
            assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{door} {body}");
            // In gets only who says where to go next, with the name and the password that are right.
            let is_in =
                answer.headers.get_all("set-cookie").iter().any(|line| line.to_str().unwrap().contains("session"));
            assert!(
                !is_in || body.contains(&format!("username={USERNAME}&password={}", PASSWORD.replace(' ', "+"))),
                "{door} {body}"
            );
        }
    }
    assert_eq!(house.sign_in(USERNAME, PASSWORD).await.status, StatusCode::CREATED);
}

/// Every parameter of every form. Gives how many were tried.
async fn doors(house: &House, bearer: &str, things: &Things, attack: &str) -> u32 {
    let mut tried = 0;
    let forms = FORMS.into_iter().filter(|(door, ..)| !is_public(door)).map(|(door, form, _)| (door, form));
    for (door, form) in forms.chain(LAST) {
        let form = things.put(form);
        for parameter in 0.. {
            let Some(body) = with_value(&form, parameter, attack) else { break };
            let answer = send(house, bearer, door, &body).await;
            assert!(!answer.status.is_server_error(), "{door} {body}: {} {}", answer.status, answer.text());
            tried += 1;
        }
    }
    tried
}

/// Every parameter of every query.
async fn queries(house: &House, bearer: &str, things: &Things, attack: &str) -> u32 {
    let mut tried = 0;
    for address in QUERIES {
        let address = things.put(address);
        let (path, query) = address.split_once('?').unwrap();
        for parameter in 0.. {
            let Some(query) = with_value(query, parameter, attack) else { break };
            let headers = [("authorization", bearer), ("accept", "text/html")];
            let answer = house.send(request(Method::GET, &format!("{path}?{query}"), &headers)).await;
            assert!(!answer.status.is_server_error(), "{path}?{query}: {} {}", answer.status, answer.text());
            tried += 1;
        }
    }
    tried
}

/// Every id and every text of every route, one at a time. Gives how many were tried.
async fn routes(house: &House, bearer: &str, things: &Things, attack: &str) -> u32 {
    let mut tried = 0;
    for (route, body, _) in ROUTES {
        let (method, path) = route.split_once(' ').unwrap();
        if path == "/api/v1/events" || route == "DELETE /api/v1/sessions" {
            // A stream without an end, and the end of the session that asks.
            continue;
        }
        let attacked = path.replace("ID", &encoded(attack)).replace("name", &encoded(attack));
        ask(house, bearer, method, &attacked, body.to_owned(), "a.epub").await;
        tried += 1;
        let real = things.path(path);
        if let Ok(body) = serde_json::from_str::<Value>(body) {
            for body in with_text(&body, attack) {
                ask(house, bearer, method, &real, body.to_string(), "a.epub").await;
                tried += 1;
            }
        }
        if path.starts_with("/api/v1/uploads") && method == "POST" {
            ask(house, bearer, method, &real, body.to_owned(), attack).await;
            tried += 1;
        }
    }
    tried
}

async fn ask(house: &House, bearer: &str, method: &str, path: &str, body: String, file_name: &str) {
    let metadata = format!("filename {},fingerprint {}", STANDARD.encode(file_name), STANDARD.encode(file_name));
    let headers = [
        ("authorization", bearer),
        ("content-type", "application/json"),
        ("tus-resumable", "1.0.0"),
        ("upload-length", "5"),
        ("upload-metadata", &metadata),
    ];
    let answer = house.send(with_body(method.parse().unwrap(), path, &headers, body.clone())).await;
    assert!(!answer.status.is_server_error(), "{method} {path} {body}: {} {}", answer.status, answer.text());
    assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
}
