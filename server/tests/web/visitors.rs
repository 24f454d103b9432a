//! Who asks: somebody who is in, or somebody at the door with what a letter or a first step has given them.

use axum::http::{Method, StatusCode};
use serde_json::json;
use service::{Client, ExposeSecret};

use crate::{
    harness::{Answer, House, ORIGIN, PASSWORD, USERNAME, with_body},
    one_time_code,
};

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// Makes somebody who may see, and signs them in from an address that nobody else has: the door counts by address.
async fn viewer(house: &House, admin: &str, username: &str) -> String {
    let body = json!({ "username": username, "display_name": username, "password": PASSWORD, "role": "viewer" });
    let made = house.json(Method::POST, "/api/v1/users", admin, &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let from = Client { address: rand::random::<[u8; 16]>().into(), user_agent: String::new() };
    let signed_in = house.state.services.accounts().sign_in(username, &PASSWORD.into(), &from).await.unwrap();
    format!("Bearer {}", signed_in.access_token.expose_secret())
}

/// Somebody who is in, and nobody else.
pub(crate) struct Somebody {
    pub(crate) bearer: String,
    code: String,
}

impl Somebody {
    pub(crate) async fn made(house: &House, admin: &str, door: &str) -> Self {
        let bearer = viewer(house, admin, &format!("s-{:x}", rand::random::<u64>())).await;
        let code = if door == "confirm-codes" { first_code(house, &bearer).await } else { String::new() };
        Self { bearer, code }
    }

    pub(crate) fn put(&self, form: &str) -> String {
        with_passwords(form).replace("CODE", &self.code)
    }
}

/// Begins to switch codes on, and gives the first.
async fn first_code(house: &House, bearer: &str) -> String {
    let accounts = house.state.services.accounts();
    let actor = accounts.authenticate(bearer.strip_prefix("Bearer ").unwrap()).await.unwrap();
    accounts.begin_codes(&actor, &PASSWORD.into()).await.unwrap();
    let seed = accounts.codes_to_be(&actor).await.unwrap().unwrap().seed;
    one_time_code::now(seed.expose_secret())
}

/// Somebody at the door, with what a letter or a first step has given them.
#[derive(Default)]
pub(crate) struct Stranger {
    pub(crate) cookie: String,
    given: Vec<(&'static str, String)>,
}

impl Stranger {
    pub(crate) async fn made(house: &House, admin: &str, door: &str) -> Self {
        let accounts = house.state.services.accounts();
        let username = format!("d-{:x}", rand::random::<u64>());
        let actor = |bearer: String| async move {
            accounts.authenticate(bearer.strip_prefix("Bearer ").unwrap()).await.unwrap()
        };
        match door {
            "sign-in-code" => {
                let bearer = viewer(house, admin, &username).await;
                let code = first_code(house, &bearer).await;
                let codes = accounts.confirm_codes(&actor(bearer).await, &code).await.unwrap();
                let form = format!("username={username}&password={}", PASSWORD.replace(' ', "+"));
                let begun = by_stranger(house, "sign-in", "", &form).await;
                let cookie = begun.header("set-cookie").split(';').next().unwrap().to_owned();
                assert!(cookie.starts_with("esp-challenge="), "{cookie}");
                Self { cookie, given: vec![("RECOVERY", codes.0[0].expose_secret().to_owned())] }
            }
            "confirm-email" => {
                let actor = actor(viewer(house, admin, &username).await).await;
                accounts.set_own_email(&actor, &PASSWORD.into(), "door@example.org").await.unwrap();
                let mut token = None;
                while let Some(letter) = house.state.services.letters().next().await.unwrap() {
                    if letter.username == username {
                        token = letter.token().map(|token| token.expose_secret().to_owned());
                    }
                }
                Self { given: vec![("CONFIRM", token.unwrap())], ..Self::default() }
            }
            "reset-password" => {
                let user = actor(viewer(house, admin, &username).await).await.user_id;
                let admin = actor(admin.to_owned()).await;
                let link = accounts.make_reset_link(&admin, &PASSWORD.into(), user).await.unwrap();
                Self { given: vec![("RESET", link.token.expose_secret().to_owned())], ..Self::default() }
            }
            _ => Self::default(),
        }
    }

    pub(crate) fn put(&self, form: &str) -> String {
        self.given.iter().fold(with_passwords(form), |form, (name, value)| form.replace(name, value))
    }
}

pub(crate) fn with_passwords(form: &str) -> String {
    let form = form.replace("NEWPASSWORD", "colophons+and+quires,+sewn");
    form.replace("USERNAME", USERNAME).replace("PASSWORD", &PASSWORD.replace(' ', "+"))
}

pub(crate) async fn by_stranger(house: &House, door: &str, cookie: &str, form: &str) -> Answer {
    let headers = [("content-type", FORM), ("origin", ORIGIN), ("cookie", cookie)];
    house.send(with_body(Method::POST, &format!("/api/app/{door}"), &headers, form.to_owned())).await
}
