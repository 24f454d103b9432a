//! Nothing secret leaves the process: not in a log, not in an error, not in a metric, not on a page.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::http::{Method, header};
use serde_json::json;
use server::mail::Postman;
use service::ExposeSecret;
use tokio_util::sync::CancellationToken;

use crate::{
    harness::{House, ORIGIN, PASSWORD, USERNAME, request, with_body},
    mailbox::Mailbox,
};

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

/// What a letter must not leave in a log when the mail server repeats it: whom it is for, the password of the mail server
/// as it is and as it is sent, and the link.
async fn refused_by(mailbox: &Mailbox) -> Vec<String> {
    let password = "a-mail-password-0004";
    let url = format!("smtp://books:{password}@{}", mailbox.address);
    let house = House::with(&[("SMTP_URL", &url), ("SMTP_FROM", "books@example.org")]).await;
    let admin = house.signed_in().await;
    let zoe = json!({ "username": "zoe", "display_name": "Zoe", "password": PASSWORD, "role": "editor", "email": "zoe.k@example.org" });
    house.json(Method::POST, "/api/v1/users", &admin, &zoe).await;
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", ORIGIN)];
    house.send(with_body(Method::POST, "/api/app/ask-for-letter", &headers, "name=zoe")).await;
    let postman = Postman::of(&house.state.configuration).unwrap();
    postman.send_due(&house.state.services, &CancellationToken::new()).await.unwrap();
    let said = mailbox.commands();
    let shown = said.iter().find_map(|line| line.strip_prefix("AUTH PLAIN ")).expect("the password was shown");
    let mut secrets = vec![password.to_owned(), shown.to_owned(), "zoe.k@example.org".to_owned()];
    let letter = mailbox.data().join("");
    if let Some(token) = letter.split("token=3D").nth(1).or_else(|| letter.split("token=").nth(1)) {
        secrets.push(token.chars().take(40).collect());
    }
    secrets
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
    // Mail servers that repeat what they were sent with each of their answers.
    let mailboxes = [
        Mailbox::saying("AUTH", "535 {}").await,
        Mailbox::saying("RCPT", "550 {}").await,
        Mailbox::saying(".", "451 {}").await,
        Mailbox::saying(".", "554 {}").await,
    ];
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

    for mailbox in &mailboxes {
        secrets.extend(refused_by(mailbox).await);
    }
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
        "/settings",
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
