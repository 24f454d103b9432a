//! Whatever session a browser came with, and whoever put it there: after each step that opens more it goes on with a new
//! one, and the one of before is dead.

use axum::http::{Method, StatusCode, header};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use service::ExposeSecret;

use crate::{
    harness::{Answer, House, ORIGIN, PASSWORD, USERNAME, request, with_body},
    one_time_code,
};

const NEW_PASSWORD: &str = "signatures, folded another time";

/// The cookies of a browser.
#[derive(Debug, Clone, Default)]
struct Jar(Vec<(String, String)>);

impl Jar {
    fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.0.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// As a browser keeps them after an answer.
    fn after(self, answer: &Answer) -> Self {
        answer.headers.get_all(header::SET_COOKIE).iter().fold(self, |jar, line| {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            jar.with(name, rest.split(';').next().unwrap())
        })
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn line(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// The id of the session that its access token names.
    fn session(&self) -> Option<String> {
        let claims = self.value("esp-access")?.split('.').nth(1)?;
        let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?).unwrap();
        Some(claims["sid"].as_str().unwrap().to_owned())
    }
}

async fn post(house: &House, door: &str, jar: &Jar, form: &str) -> Answer {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html"),
        ("origin", ORIGIN),
        ("referer", "http://127.0.0.1:5000/account"),
        ("cookie", &jar.line()),
    ];
    house.send(with_body(Method::POST, &format!("/api/app/{door}"), &headers, form.to_owned())).await
}

/// Who a browser is taken for; nobody where it is sent to the door.
async fn who(house: &House, jar: &Jar) -> Option<String> {
    let headers = [("cookie", jar.line()), ("accept", "text/html".to_owned())];
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = house.send(request(Method::GET, "/account", &headers)).await;
    if page.status != StatusCode::OK {
        assert_eq!(page.status, StatusCode::FOUND);
        return None;
    }
    let text = page.text();
    Some(text.split("<h1>").nth(1).unwrap().split('<').next().unwrap().to_owned())
}

/// Neither the access token nor the refresh token of it opens anything.
async fn assert_dead(house: &House, jar: &Jar, why: &str) {
    assert_eq!(who(house, jar).await, None, "{why}");
    let refresh = Jar::default().with("esp-refresh", jar.value("esp-refresh").unwrap());
    assert_eq!(who(house, &refresh).await, None, "{why}: by the refresh token");
}

fn sign_in_form(username: &str, password: &str) -> String {
    format!("username={username}&password={}", password.replace(' ', "+"))
}

#[tokio::test]
async fn a_session_is_a_new_one_after_each_step_and_the_one_of_before_is_dead() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    house.person(&admin, "eve", "viewer").await;
    let cora = house.person(&admin, "cora", "editor").await;
    let accounts = house.state.services.accounts();
    let actor = accounts.authenticate(cora.strip_prefix("Bearer ").unwrap()).await.unwrap();
    accounts.begin_codes(&actor, &PASSWORD.into()).await.unwrap();
    let seed = accounts.codes_to_be(&actor).await.unwrap().unwrap().seed.expose_secret().to_owned();
    let recovery = accounts.confirm_codes(&actor, &one_time_code::now(&seed)).await.unwrap();

    // Nobody has a session before they have signed in, and a made-up one is none.
    let stranger = house.get("/sign-in").await;
    assert_eq!(Jar::default().after(&stranger).session(), None);
    let made_up =
        Jar::default().with("esp-access", "chosen").with("esp-refresh", "chosen").with("esp-challenge", "chosen");
    assert_eq!(who(&house, &made_up).await, None);

    // Eve puts her own session into Cora's browser, where Cora signs in with password and code.
    let planted = Jar::default().after(&post(&house, "sign-in", &made_up, &sign_in_form("eve", PASSWORD)).await);
    assert_eq!(who(&house, &planted).await.as_deref(), Some("eve"));
    let browser = planted.clone();
    let password = post(&house, "sign-in", &browser, &sign_in_form("cora", PASSWORD)).await;
    assert_eq!(password.header("location"), "/sign-in/code");
    let between = browser.after(&password);
    assert_eq!(between.session(), planted.session(), "the password alone opens nothing");
    assert_eq!(who(&house, &between).await.as_deref(), Some("eve"));
    let alone = Jar::default().with("esp-challenge", between.value("esp-challenge").unwrap());
    assert_eq!(who(&house, &alone).await, None, "what is between the steps is no session");
    let code = format!("code={}", recovery.0[0].expose_secret());
    let done = post(&house, "sign-in-code", &between, &code).await;
    let inside = between.clone().after(&done);
    assert_eq!(who(&house, &inside).await.as_deref(), Some("cora"), "{}", done.text());
    assert_ne!(inside.session(), planted.session());
    assert_eq!(inside.value("esp-challenge"), None, "it is taken away");
    assert_dead(&house, &planted, "Eve's session was left").await;

    // Another password.
    let form = format!("current={}&new={}", PASSWORD.replace(' ', "+"), NEW_PASSWORD.replace(' ', "+"));
    let changed = post(&house, "change-password", &inside, &form).await;
    assert_eq!(changed.header("location"), "/account?done=password-changed");
    let later = inside.clone().after(&changed);
    assert_eq!(who(&house, &later).await.as_deref(), Some("cora"));
    assert_ne!(later.session(), inside.session());
    assert_dead(&house, &inside, "the password is another").await;
    assert_dead(&house, &between.after(&done), "whoever copied it").await;

    // Another role.
    let users = house.send(request(Method::GET, "/api/v1/users", &[("authorization", &admin)])).await.json();
    let cora = users.as_array().unwrap().iter().find(|user| user["username"] == "cora").unwrap()["id"].clone();
    let path = format!("/api/v1/users/{}", cora.as_str().unwrap());
    let promoted = house.json(Method::PATCH, &path, &admin, &json!({ "roles": ["admin"] })).await;
    assert_eq!(promoted.status, StatusCode::OK, "{}", promoted.text());
    assert_dead(&house, &later, "she may more").await;
    let again = post(&house, "sign-in", &later, &sign_in_form("cora", NEW_PASSWORD)).await;
    let between = later.clone().after(&again);
    let code = format!("code={}", recovery.0[1].expose_secret());
    let last = between.clone().after(&post(&house, "sign-in-code", &between, &code).await);
    assert_eq!(who(&house, &last).await.as_deref(), Some("cora"));
    let ids = [&planted, &inside, &later, &last].map(Jar::session);
    assert!(ids.iter().enumerate().all(|(place, id)| id.is_some() && !ids[..place].contains(id)), "{ids:?}");
}

#[tokio::test]
async fn whoever_signs_in_again_leaves_the_session_of_before() {
    let house = House::new().await;
    house.signed_in().await;
    let form = sign_in_form(USERNAME, PASSWORD);
    let first = Jar::default().after(&post(&house, "sign-in", &Jar::default(), &form).await);
    let elsewhere = Jar::default().after(&post(&house, "sign-in", &Jar::default(), &form).await);
    let wrong = post(&house, "sign-in", &first, &sign_in_form(USERNAME, "a wrong guess")).await;
    assert_eq!(first.clone().after(&wrong).session(), first.session());
    assert!(who(&house, &first).await.is_some(), "who mistypes stays in");
    let second = first.clone().after(&post(&house, "sign-in", &first, &form).await);
    assert_ne!(second.session(), first.session());
    assert_dead(&house, &first, "it was left").await;
    assert!(who(&house, &second).await.is_some() && who(&house, &elsewhere).await.is_some());
}
