//! Statements of SQL in every parameter of every door and every route, on both engines: each is a value, and nothing else.
//! Everything else of the request is real, so that the attack gets as far as a harmless value does.

use axum::http::{Method, StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use service::ExposeSecret;

use crate::{
    harness::{Answer, House, PASSWORD, USERNAME, request, with_body},
    hostile::{STATEMENTS, encoded},
    requests::{path_of, requests},
    things::Things,
    visitors::{FORM, Somebody, Stranger, by_stranger, with_passwords},
};

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

/// The doors with every parameter that they take, in an order in which each does its work.
const FORMS: [(&str, &str); 43] = [
    ("set-email", "email=ada%40example.org&current=PASSWORD"),
    ("end-session", "session=SESSION"),
    ("create-token", "name=script&scope=read&days=1&current=PASSWORD"),
    ("end-token", "token=TOKEN"),
    ("end-codes", "current=PASSWORD"),
    ("take-book", "entry=ENTRY&group=GROUP"),
    ("decline-book", "entry=SECONDENTRY&note=No"),
    ("cancel-job", "job=QUEUED"),
    ("retry-job", "job=QUEUED"),
    ("retry-jobs", "state=failed&kind=pack"),
    ("cancel-jobs", "state=queued&kind=verify"),
    (
        "profile-check",
        "form[draft]=new&form[seen]=0&form[over]=0&form[text]=x&form[release]=RELEASE&form[find]=x&form[found]=y&form[shown]=x",
    ),
    (
        "profile-save",
        "form[draft]=of-things&form[seen]=0&form[over]=0&form[text]=PROFILE&form[release]=RELEASE&form[find]=x&form[found]=y&form[shown]=PROFILE",
    ),
    (
        "profile-apply",
        "form[draft]=new&form[seen]=0&form[over]=0&form[text]=x&form[release]=RELEASE&form[find]=x&form[found]=y&form[shown]=x",
    ),
    ("profile-discard", "draft=new&is_new=true"),
    ("profile-delete", "name=of-things"),
    ("profile-restore", "name=of-things"),
    ("verify", "release=PACKED"),
    ("releases-act", "form[action]=verify&form[releases][]=PACKED&form[back]=%2Freleases"),
    ("correct-release", "release=PACKED&tag=REPACK"),
    ("make-verify-link", "release=PACKED"),
    ("withdraw-verify-link", "release=PACKED"),
    ("withdraw-release", "release=PACKED&reason=Wrong"),
    ("offer-release", "release=PACKED"),
    (
        "settings-change",
        "form[wanted][upload_hours]=24&form[wanted][job_days]=60&form[wanted][audit_days]=730&form[wanted][source_days]=365&form[wanted][package_days]=365&form[seen][upload_hours]=24&form[seen][job_days]=90&form[seen][audit_days]=730&form[seen][source_days]=0&form[seen][package_days]=0",
    ),
    (
        "review-save",
        "form[release]=RELEASE&form[group]=GROUP&form[title]=Title&form[authors]=Ada&form[publisher]=Press&form[language]=en&form[year]=2001&form[edition]=2&form[volume]=&form[issue]=&form[issue_date]=",
    ),
    ("review-preview", "form[release]=RELEASE&form[title]=Title&form[language]=en&form[year]=2001"),
    (
        "review-batch",
        "form[action]=set&form[releases][]=RELEASE&form[field]=publisher&form[value]=Press&form[group]=GROUP&form[rights]=licence&form[licence]=CC-BY-4.0&form[rights_note]=x",
    ),
    (
        "review-pack",
        "form[release]=RELEASE&form[group]=GROUP&form[title]=Another+title&form[authors]=Ada&form[rights]=licence&form[licence]=CC-BY-4.0",
    ),
    ("upload-discard", "upload=UPLOAD"),
    ("create-user", "username=bob&display_name=Bob&password=PASSWORD&role=viewer&email=bob%40example.org"),
    (
        "set-user-rights",
        "form[user]=USER&form[seen]=STATE&form[roles][]=viewer&form[groups][]=GROUP&form[exceptions][]=allow.audit.read",
    ),
    ("set-user-email", "user=USER&email=zoe%40example.org&current=PASSWORD"),
    ("make-reset-link", "user=USER&current=PASSWORD"),
    ("send-reset-letter", "user=USER"),
    ("end-user-codes", "user=USER&current=PASSWORD"),
    ("set-user-active", "user=USER&active=true"),
    ("create-group", "tag=OTHER"),
    ("set-members", "group=GROUP&members[]=USER&seen[]=ADMIN&seen[]=USER"),
    ("set-quota", "group=GROUP&megabytes=5000&seen="),
    ("save-role", "form[name]=Readers&form[grants][]=releases.read"),
    ("delete-role", "role=Spare"),
    ("save-view", "name=Mine&query=%3Fq%3Da"),
];

/// What comes last: it ends what the others need.
const LAST: [(&str, &str); 2] = [("delete-view", "name=Mine"), ("delete-release", "release=PACKED")];

/// Doors of somebody who is in, each asked by somebody of their own: they end their session, or need a code of theirs.
const BY_SOMEBODY: [(&str, &str); 3] = [
    ("change-password", "current=PASSWORD&new=NEWPASSWORD"),
    ("begin-codes", "current=PASSWORD"),
    ("confirm-codes", "code=CODE"),
];

/// Doors for strangers, who are asked from nowhere known.
const BY_STRANGERS: [(&str, &str); 7] = [
    ("set-locale", "locale=fr"),
    ("set-theme", "theme=dark"),
    ("sign-in", "username=USERNAME&password=PASSWORD&back=%2Freleases"),
    ("sign-in-code", "code=RECOVERY&back=%2Freleases"),
    ("confirm-email", "token=CONFIRM"),
    ("reset-password", "token=RESET&new=NEWPASSWORD"),
    ("ask-for-letter", "name=USERNAME"),
];

/// The door of a house in which nobody is yet. What is refused leaves the link good for what comes after it.
const SET_UP: (&str, &str) = ("set-up", "token=SETUP&username=eve&group_tag=EVE&display_name=Eve&password=PASSWORD");

/// A house that sends letters somewhere: nobody hears them, but they are written and looked up.
pub(crate) const WITH_MAIL: [(&str, &str); 2] =
    [("SMTP_URL", "smtp://127.0.0.1:9"), ("SMTP_FROM", "books@example.org")];

/// Doors without a parameter. The last ends the session.
const WITHOUT: [(&str, &str); 2] = [("end-other-sessions", ""), ("sign-out", "")];

/// Addresses of pages with every parameter of a query that they read.
const QUERIES: [&str; 15] = [
    "/releases?q=x&group=GROUP&status=draft&kind=Book&language=en&rights=own-work&sort=title&dir=desc&after=x&view=x&page=x&done=x&delete=RELEASE",
    "/releases/RELEASE?compare=PACKED&done=x",
    "/jobs?state=failed&kind=pack&after=x&release=RELEASE",
    "/audit?actor=USER&subject=x&action=created&resource=releases&from=2001-01-01&until=2001-01-02&after=x",
    "/inbox?state=waiting&after=x&done=x",
    "/users?done=x&q=x",
    "/roles?role=x&done=x",
    "/findings?q=x",
    "/settings?upload_hours=24&job_days=90&audit_days=730&source_days=365&package_days=365&done=x",
    "/profiles/plain?find=x&found=y&release=RELEASE&compare=1&done=x",
    "/profiles/new?from=x&find=x&found=y&release=RELEASE",
    "/verify/release?link=0000",
    "/reset?token=0000",
    "/setup?token=0000",
    "/confirm-email?token=0000",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_in_any_parameter_of_any_way_in_is_a_value() {
    House::on_both_engines_with(&WITH_MAIL, try_everything).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_door_does_its_work_where_no_parameter_attacks() {
    House::on_both_engines_with(&WITH_MAIL, every_door_works).await;
}

async fn every_door_works(house: House) {
    let tables = [&FORMS[..], &LAST, &BY_SOMEBODY, &BY_STRANGERS, &[SET_UP], &WITHOUT].concat();
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        let name = path.strip_prefix("/api/app/").unwrap();
        let tried = tables.iter().filter(|(door, _)| *door == name).count();
        assert_eq!(tried, 1, "{path} is in no table, or in two");
    }
    let mut wrong = Vec::new();
    let mut done = |door: &str, answer: Answer| {
        let is_led_back = answer.headers.get("location").is_some_and(|to| to.to_str().unwrap().contains("__err"));
        if is_led_back || !(answer.status.is_success() || answer.status.is_redirection()) {
            wrong.push(format!("{door}: {} {:?} {}", answer.status, answer.headers.get("location"), answer.text()));
        }
    };
    let empty = &house;
    let link = empty.state.services.accounts().issue_setup_link().await.unwrap();
    let form = SET_UP.1.replace("SETUP", link.token.expose_secret()).replace("PASSWORD", &PASSWORD.replace(' ', "+"));
    done(SET_UP.0, by_stranger(empty, SET_UP.0, "", &form).await);
    let eve = house.sign_in("eve", PASSWORD).await.json();
    let eve = format!("Bearer {}", eve["access_token"].as_str().unwrap());
    house.json(Method::POST, "/api/v1/users", &eve, &administrator()).await;
    let admin = house.sign_in(USERNAME, PASSWORD).await.json();
    let admin = format!("Bearer {}", admin["access_token"].as_str().unwrap());
    let things = Things::made(&house, &admin).await;
    for (door, form) in FORMS.into_iter().chain(LAST) {
        done(door, send(&house, &admin, door, &with_state(&house, &admin, &things.put(form)).await).await);
    }
    for (door, form) in BY_SOMEBODY {
        let somebody = Somebody::made(&house, &admin, door).await;
        done(door, send(&house, &somebody.bearer, door, &somebody.put(form)).await);
    }
    for (door, form) in BY_STRANGERS {
        let stranger = Stranger::made(&house, &admin, door).await;
        done(door, by_stranger(&house, door, &stranger.cookie, &stranger.put(&things.put(form))).await);
    }
    for (door, form) in WITHOUT {
        done(door, send(&house, &admin, door, form).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn administrator() -> Value {
    serde_json::json!({ "username": USERNAME, "display_name": "Editor", "password": PASSWORD, "role": "admin" })
}

/// A form with the state in which the rights of its person are now.
async fn with_state(house: &House, admin: &str, form: &str) -> String {
    let user = form.split("form[user]=").nth(1).filter(|_| form.contains("STATE"));
    let Some(user) = user.and_then(|rest| rest.split('&').next()) else { return form.to_owned() };
    let known = house.send(request(Method::GET, &format!("/api/v1/users/{user}"), &[("authorization", admin)])).await;
    form.replace("STATE", known.json()["rights_state"].as_str().unwrap())
}

async fn send(house: &House, bearer: &str, door: &str, form: &str) -> Answer {
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_at_a_door_for_strangers_is_a_value() {
    // Each in a house of its own, where nobody is slowed yet.
    for attack in STATEMENTS {
        House::on_both_engines_with(&WITH_MAIL, |house| try_doors_of_strangers(house, attack)).await;
    }
}

async fn try_doors_of_strangers(house: House, attack: &str) {
    let accounts = house.state.services.accounts();
    let link = accounts.issue_setup_link().await.unwrap();
    let form = with_passwords(SET_UP.1).replace("SETUP", link.token.expose_secret());
    for parameter in 0.. {
        let Some(body) = with_value(&form, parameter, attack) else { break };
        let answer = by_stranger(&house, SET_UP.0, "", &body).await;
        assert_not_broken(&answer, SET_UP.0, &body);
    }
    // A name to show may be almost anything: that attack got as far as a harmless value does.
    assert_eq!(accounts.setup_needed().await.unwrap(), attack == "\u{0}", "{attack}");
    accounts.create_administrator(USERNAME, &PASSWORD.into()).await.unwrap();
    let admin = house.sign_in(USERNAME, PASSWORD).await.json();
    let admin = format!("Bearer {}", admin["access_token"].as_str().unwrap());
    for (door, form) in BY_STRANGERS {
        let count = form.split('&').count();
        for parameter in 0..count {
            let stranger = Stranger::made(&house, &admin, door).await;
            let body = with_value(&stranger.put(form), parameter, attack).unwrap();
            let answer = by_stranger(&house, door, &stranger.cookie, &body).await;
            assert_not_broken(&answer, door, &body);
            // In gets only who says where to go next, with the name and the password, or the code, that are right.
            let is_in =
                answer.headers.get_all("set-cookie").iter().any(|line| line.to_str().unwrap().contains("esp-access="));
            assert_eq!(is_in, door.starts_with("sign-in") && parameter == count - 1, "{door} {body}");
        }
    }
    // What was typed is looked up when its letter is written.
    while house.state.services.letters().next().await.unwrap().is_some() {}
    assert_eq!(house.sign_in(USERNAME, PASSWORD).await.status, StatusCode::CREATED);
}

fn assert_not_broken(answer: &Answer, door: &str, body: &str) {
    assert!(!answer.status.is_server_error(), "{door} {body}: {} {}", answer.status, answer.text());
    assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{door} {body}");
}

/// Every parameter of every form. Gives how many were tried.
async fn doors(house: &House, bearer: &str, things: &Things, attack: &str) -> u32 {
    let mut tried = 0;
    for (door, form) in BY_SOMEBODY {
        for parameter in 0..form.split('&').count() {
            let somebody = Somebody::made(house, bearer, door).await;
            let body = with_value(&somebody.put(form), parameter, attack).unwrap();
            assert_not_broken(&send(house, &somebody.bearer, door, &body).await, door, &body);
            tried += 1;
        }
    }
    for (door, form) in FORMS.into_iter().chain(LAST) {
        let form = with_state(house, bearer, &things.put(form)).await;
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
    for (route, body) in requests() {
        let (method, path) = route.split_once(' ').unwrap();
        let body = things.put(body);
        if path == "/api/v1/events" || route == "DELETE /api/v1/sessions" {
            // A stream without an end, and the end of the session that asks.
            continue;
        }
        let attacked = path.replace("ID", &encoded(attack)).replace("name", &encoded(attack));
        ask(house, bearer, method, &attacked, body.clone(), "a.epub").await;
        tried += 1;
        let real = path_of(things, route);
        if let Ok(body) = serde_json::from_str::<Value>(&body) {
            for body in with_text(&body, attack) {
                ask(house, bearer, method, &real, body.to_string(), "a.epub").await;
                tried += 1;
            }
        }
        if path.starts_with("/api/v1/uploads") && method == "POST" {
            ask(house, bearer, method, &real, body.clone(), attack).await;
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
    assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{method} {path}");
    assert!(!answer.status.is_server_error(), "{method} {path} {body}: {} {}", answer.status, answer.text());
    assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
}
