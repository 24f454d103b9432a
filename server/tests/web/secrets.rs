//! Nothing secret leaves the process: not in a log, not in an error, not in a metric, not on a page.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::http::{Method, header};
use serde_json::json;
use service::ExposeSecret;

use crate::harness::{House, ORIGIN, PASSWORD, USERNAME, request, with_body};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_is_logged_counted_shown_or_told_in_an_error() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let key = "a-signing-key-that-nobody-else-has-0001";
    let sealing = "a-sealing-key-that-nobody-else-has-0002";
    let house = House::with(&[("JWT_SECRET_KEY", key), ("SECRETS_KEY", sealing)]).await;
    let link = house.state.services.accounts().issue_setup_link().await.unwrap();
    let setup = link.token.expose_secret();
    let page = house.get(&format!("/setup?token={setup}")).await;
    assert!(page.text().contains("/api/app/set-up"), "the link was not opened");
    let bearer = house.signed_in().await;
    let mut secrets = vec![key.to_owned(), sealing.to_owned(), PASSWORD.to_owned(), "a-wrong-guess-0003".to_owned()];
    secrets.push(setup.to_owned());
    secrets.push(bearer.strip_prefix("Bearer ").unwrap().to_owned());
    let form = format!("username={USERNAME}&password={}", PASSWORD.replace(' ', "+"));
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html"), ("origin", ORIGIN)];
    let signed_in = house.send(with_body(Method::POST, "/api/app/sign-in", &headers, form)).await;
    for line in signed_in.headers.get_all(header::SET_COOKIE) {
        let value = line.to_str().unwrap().split(['=', ';']).nth(1).unwrap();
        secrets.push(value.to_owned());
    }
    let token = json!({ "name": "script", "scope": "all", "days": 1 });
    let token = house.json(Method::POST, "/api/v1/account/tokens", &bearer, &token).await.json();
    secrets.push(token["secret"].as_str().unwrap().to_owned());
    let users = house.send(request(Method::GET, "/api/v1/users", &[("authorization", &bearer)])).await.json();
    let path = format!("/api/v1/users/{}/reset-link", users[0]["id"].as_str().unwrap());
    let link = house.json(Method::POST, &path, &bearer, &json!({})).await.json();
    secrets.push(link["url"].as_str().unwrap().split("token=").nth(1).unwrap().to_owned());
    let page = house.get(&format!("/reset?token={}", secrets.last().unwrap())).await;
    assert!(page.text().contains("/api/app/reset-password"), "the link was not opened");
    house.sign_in(USERNAME, "a-wrong-guess-0003").await;
    house.sign_in("a-wrong-guess-0003", "a-wrong-guess-0003").await;

    let mut told = Vec::new();
    for path in [
        "/releases",
        "/jobs",
        "/users",
        "/groups",
        "/roles",
        "/audit",
        "/account",
        "/inbox",
        "/metrics",
        "/api/health",
        "/api/v1/users",
        "/api/v1/audit?limit=100",
        "/api/v1/audit/export",
        "/api/v1/account/tokens",
        "/api/v1/account/sessions",
        "/nowhere",
    ] {
        let answer =
            house.send(request(Method::GET, path, &[("authorization", &bearer), ("accept", "text/html")])).await;
        told.push((path.to_owned(), String::from_utf8_lossy(&answer.body).into_owned()));
    }
    for secret in secrets.clone() {
        let with_secret = format!("Bearer {secret}x");
        let answer = house.send(request(Method::GET, "/api/v1/releases", &[("authorization", &with_secret)])).await;
        told.push(("an error".to_owned(), answer.text()));
        let body = json!({ "username": secret, "password": secret, "more": secret });
        let answer = house.json(Method::POST, "/api/v1/sessions", "Bearer x", &body).await;
        told.push(("a refusal".to_owned(), answer.text()));
    }
    told.push(("the configuration".to_owned(), format!("{:?}", house.state.configuration)));
    told.push(("the log".to_owned(), String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned()));
    assert!(told.iter().any(|(place, text)| place == "the log" && text.contains("answered")), "the log was not heard");
    for (place, text) in &told {
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{secret} stands in {place}");
        }
        assert!(!text.contains("$argon2id$"), "a hash stands in {place}");
    }
}
