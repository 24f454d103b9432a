//! Nothing secret leaves the process: not in a log, not in an error, not in a metric, not on a page.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::http::{Method, StatusCode, header};
use serde_json::json;
use server::mail::Postman;
use service::ExposeSecret;
use tokio_util::sync::CancellationToken;

use crate::{
    harness::{House, ORIGIN, PASSWORD, USERNAME, request, with_body},
    mailbox::Mailbox,
    one_time_code,
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
    house.person(&admin, "zoe", "editor").await;
    house.write_to("zoe", "zoe.k@example.org").await;
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
    // What the letter says, line by line: those that say nothing but the greeting are too short to be known again.
    let body = mailbox.data().into_iter().skip_while(|line| !line.is_empty());
    secrets.extend(body.filter(|line| line.len() > 30).map(|line| line.trim_end_matches('=').to_owned()));
    secrets
}

/// The link of a letter that confirms an address, of one that did not reach it and of one that did and was answered.
async fn confirmed_through(mailbox: &Mailbox) -> Vec<String> {
    let url = format!("smtp://books:another-mail-password-0005@{}", mailbox.address);
    let house = House::with(&[("SMTP_URL", &url), ("SMTP_FROM", "books@example.org")]).await;
    let admin = house.signed_in().await;
    let body = json!({ "email": "ada.l@example.org", "current": PASSWORD });
    let asked = house.json(Method::PUT, "/api/v1/account/email", &admin, &body).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.text());
    let postman = Postman::of(&house.state.configuration).unwrap();
    postman.send_due(&house.state.services, &CancellationToken::new()).await.unwrap();
    let letter = mailbox.letters().pop().expect("the letter went").text;
    let token = letter.split("confirm-email?token=").nth(1).unwrap().lines().next().unwrap().to_owned();
    let page = house.get(&format!("/confirm-email?token={token}")).await;
    assert!(page.text().contains("/api/app/confirm-email"), "the link was not opened");
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", ORIGIN)];
    for _ in 0..2 {
        house.send(with_body(Method::POST, "/api/app/confirm-email", &headers, format!("token={token}"))).await;
    }
    let users = house.send(request(Method::GET, "/api/v1/users", &[("authorization", &admin)])).await.text();
    assert!(users.contains("ada.l@example.org") && !users.contains(&token));
    vec![token, "another-mail-password-0005".to_owned()]
}

/// The seed of one-time codes and the recovery codes of somebody who switches them on, signs in with one of them, and
/// mistypes the next; and what they came in with between the steps.
async fn codes_of(house: &House, admin: &str) -> Vec<String> {
    let bearer = house.person(admin, "tess", "editor").await;
    let accounts = house.state.services.accounts();
    let actor = accounts.authenticate(bearer.strip_prefix("Bearer ").unwrap()).await.unwrap();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html"),
        ("origin", ORIGIN),
        ("authorization", bearer.as_str()),
    ];
    house
        .send(with_body(
            Method::POST,
            "/api/app/begin-codes",
            &headers,
            format!("current={}", PASSWORD.replace(' ', "+")),
        ))
        .await;
    let seed = accounts.codes_to_be(&actor).await.unwrap().unwrap().seed.expose_secret().to_owned();
    let code = one_time_code::now(&seed);
    let on = house.send(with_body(Method::POST, "/api/app/confirm-codes", &headers, format!("code={code}"))).await;
    let once = on.header("set-cookie").split(';').next().unwrap().to_owned();
    let shown = [("authorization", bearer.as_str()), ("accept", "text/html"), ("cookie", &once)];
    let page = house.send(request(Method::GET, "/account", &shown)).await.text();
    let codes = page.split("recovery-codes").nth(1).unwrap().split("</ul>").next().unwrap();
    let codes: Vec<String> =
        codes.split("<code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 10, "{page}");
    let form = format!("username=tess&password={}", PASSWORD.replace(' ', "+"));
    let begun = house.send(with_body(Method::POST, "/api/app/sign-in", &headers[..3], form)).await;
    let challenge = begun.header("set-cookie").split(';').next().unwrap().to_owned();
    for code in [&codes[0], &codes[0], &seed] {
        let headers = [&headers[..3], &[("cookie", challenge.as_str())]].concat();
        house.send(with_body(Method::POST, "/api/app/sign-in-code", &headers, format!("code={code}"))).await;
    }
    let audit = house.send(request(Method::GET, "/api/v1/audit", &[("authorization", admin)])).await.text();
    assert!(audit.contains("recovery"), "a recovery code was taken: {audit}");
    let plain = codes.iter().map(|code| code.replace('-', ""));
    let challenge = challenge.split('=').nth(1).unwrap().to_owned();
    [vec![seed, challenge], plain.collect(), codes.clone()].concat()
}

/// The link that opens one release to whoever has it, opened.
async fn verify_link(house: &House, admin: &str) -> String {
    let _working = house.worker();
    let group = house.json(Method::POST, "/api/v1/groups", admin, &json!({ "tag": "GRP" })).await.json();
    let release = house.draft(admin).await;
    let path = format!("/api/v1/releases/{release}");
    let edit = json!({ "group": group["id"], "rights": { "basis": "CC-BY-4.0" } });
    house.json(Method::PATCH, &path, admin, &edit).await;
    house.json(Method::POST, &format!("{path}/pack"), admin, &json!({})).await;
    house.until_status(admin, &release, "packed").await;
    let headers = [("authorization", admin), ("content-type", "application/x-www-form-urlencoded")];
    let made =
        house.send(with_body(Method::POST, "/api/app/make-verify-link", &headers, format!("release={release}"))).await;
    let token = made.header("set-cookie").split(';').next().unwrap().rsplit('.').next().unwrap().to_owned();
    let opened =
        house.send(request(Method::GET, &format!("/verify/release?link={token}"), &[("accept", "text/html")])).await;
    assert!(opened.status == StatusCode::OK && opened.text().contains("manifest.json"), "the link was not opened");
    assert!(!opened.text().contains(&token), "its own page repeats it");
    let page =
        house.send(request(Method::GET, &format!("/releases/{release}"), &[headers[0], ("accept", "text/html")])).await;
    assert!(!page.text().contains(&token), "it is shown once");
    token
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
    let token = json!({ "name": "script", "scope": "all", "days": 1, "current": PASSWORD });
    let token = house.json(Method::POST, "/api/v1/account/tokens", &bearer, &token).await.json();
    secrets.push(token["secret"].as_str().unwrap().to_owned());
    let users = house.send(request(Method::GET, "/api/v1/users", &[("authorization", &bearer)])).await.json();
    let path = format!("/api/v1/users/{}/reset-link", users[0]["id"].as_str().unwrap());
    let link = house.json(Method::POST, &path, &bearer, &json!({ "current": PASSWORD })).await.json();
    secrets.push(link["url"].as_str().unwrap().split("token=").nth(1).unwrap().to_owned());
    let page = house.get(&format!("/reset?token={}", secrets.last().unwrap())).await;
    assert!(page.text().contains("/api/app/reset-password"), "the link was not opened");
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html"), ("origin", ORIGIN)];
    for form in ["&new=short".to_owned(), format!("&new={}", PASSWORD.replace(' ', "+"))] {
        let form = format!("token={}{form}", secrets.last().unwrap());
        house.send(with_body(Method::POST, "/api/app/reset-password", &headers, form)).await;
    }
    // Every session and token of before has ended with it.
    let bearer = house.sign_in(USERNAME, PASSWORD).await.json();
    let bearer = format!("Bearer {}", bearer["access_token"].as_str().unwrap());
    secrets.push(bearer.strip_prefix("Bearer ").unwrap().to_owned());
    secrets.extend(codes_of(&house, &bearer).await);
    secrets.push(verify_link(&house, &bearer).await);
    secrets.extend(confirmed_through(&Mailbox::open("250 ok").await).await);
    house.sign_in(USERNAME, "a-wrong-guess-0003").await;
    house.sign_in("a-wrong-guess-0003", "a-wrong-guess-0003").await;

    for mailbox in &mailboxes {
        secrets.extend(refused_by(mailbox).await);
    }
    // Each of them was really told to somebody.
    assert!(secrets.len() > 45, "{secrets:#?}");
    assert!(secrets.iter().all(|secret| secret.len() >= 10), "too short to be looked for: {secrets:?}");
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
        "/forgotten",
        "/sign-in",
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
