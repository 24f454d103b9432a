//! A lost password, by mail: from the page at the door to the mailbox and back.

use axum::http::{Method, StatusCode};
use serde_json::json;
use server::mail::Postman;
use service::Store;
use tokio_util::sync::CancellationToken;

use crate::{
    harness::{Answer, House, ORIGIN, PASSWORD, request, with_body},
    mailbox::Mailbox,
};

const NEW_PASSWORD: &str = "an even better password";

/// A house that sends mail to that mailbox, and Zoé in it, who reads French.
async fn house_with(mailbox: &Mailbox, query: &str) -> (House, String) {
    let url = format!("smtp://books:a-mail-password-0004@{}{query}", mailbox.address);
    let house = House::with(&[("SMTP_URL", &url), ("SMTP_FROM", "Our Press <books@example.org>")]).await;
    let admin = house.signed_in().await;
    let zoe = json!({ "username": "zoe", "display_name": "Zoé K.", "password": PASSWORD, "role": "editor" });
    let made = house.json(Method::POST, "/api/v1/users", &admin, &zoe).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    house.write_to("zoe", "zoe@example.org").await;
    let zoe = house.sign_in("zoe", PASSWORD).await.json();
    let bearer = format!("Bearer {}", zoe["access_token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    house.send(with_body(Method::POST, "/api/app/set-locale", &headers, "locale=fr")).await;
    (house, admin)
}

async fn post(house: &House, door: &str, form: String) -> Answer {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html"),
        ("origin", ORIGIN),
        ("referer", "http://127.0.0.1:5000/forgotten"),
    ];
    house.send(with_body(Method::POST, door, &headers, form)).await
}

async fn send_due(house: &House) {
    let postman = Postman::of(&house.state.configuration).unwrap();
    postman.send_due(&house.state.services, &CancellationToken::new()).await.unwrap();
}

async fn waiting(house: &House) -> u64 {
    let store = Store::open(&house.state.configuration.database).await.unwrap();
    let count = store.letters().count().await.unwrap();
    store.close().await;
    count
}

#[tokio::test]
async fn a_lost_password_is_chosen_anew_by_a_letter_in_the_language_of_its_reader() {
    let mailbox = Mailbox::open("250 ok").await;
    let (house, _) = house_with(&mailbox, "").await;
    assert!(house.get("/sign-in").await.text().contains("href=\"/forgotten\""));
    assert!(house.get("/forgotten").await.text().contains("/api/app/ask-for-letter"));
    let asked = post(&house, "/api/app/ask-for-letter", "name=ZOE%40example.org".to_owned()).await;
    assert_eq!(asked.header("location"), "/sign-in?done=letter-asked");
    send_due(&house).await;
    let [letter] = mailbox.letters().try_into().unwrap();
    assert_eq!((letter.from.as_str(), letter.to.len()), ("MAIL FROM:<books@example.org>", 1));
    assert_eq!(letter.to[0], "RCPT TO:<zoe@example.org>");
    assert!(letter.head.contains("Subject: Votre nouveau mot de passe"), "{}", letter.head);
    for line in ["Auto-Submitted: auto-generated", "Content-Type: text/plain", "Message-ID: <", "Date: "] {
        assert!(letter.head.contains(line), "no {line} in {}", letter.head);
    }
    assert!(letter.text.starts_with("Bonjour Zoé K.,\n"), "{}", letter.text);
    assert_eq!(waiting(&house).await, 0);
    let prefix = format!("{ORIGIN}/reset?token=");
    let token = letter.text.split(&prefix).nth(1).unwrap().lines().next().unwrap();
    assert!(house.get(&format!("/reset?token={token}")).await.text().contains("/api/app/reset-password"));
    let form = format!("token={token}&new={}", NEW_PASSWORD.replace(' ', "+"));
    let reset = post(&house, "/api/app/reset-password", form).await;
    assert_eq!(reset.header("location"), "/sign-in?done=password-reset");
    assert_eq!(house.sign_in("zoe", NEW_PASSWORD).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn the_door_says_the_same_whoever_is_asked_for() {
    let mailbox = Mailbox::open("250 ok").await;
    let (house, admin) = house_with(&mailbox, "").await;
    let mut answers = Vec::new();
    for name in ["zoe", "nobody", "zoe%40example.org", "nobody%40example.org", "editor-in-chief"] {
        let answer = post(&house, "/api/app/ask-for-letter", format!("name={name}")).await;
        answers.push((answer.status, answer.header("location").to_owned(), answer.body));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    send_due(&house).await;
    // Who has no address gets none, and who is not there.
    assert_eq!(mailbox.letters().len(), 2);
    let users = house.send(request(Method::GET, "/api/v1/users", &[("authorization", &admin)])).await.json();
    let zoe = users.as_array().unwrap().iter().find(|user| user["username"] == "zoe").unwrap().clone();
    assert_eq!(zoe["email"], "zoe@example.org");
    let path = format!("/api/v1/users/{}/reset-letter", zoe["id"].as_str().unwrap());
    assert_eq!(house.json(Method::POST, &path, &admin, &json!({})).await.status, StatusCode::ACCEPTED);
    send_due(&house).await;
    assert_eq!(mailbox.letters().len(), 3);
}

#[tokio::test]
async fn a_letter_that_is_not_taken_waits_and_one_without_a_mailbox_goes() {
    for (answer, waits) in [("451 later", 1), ("550 no such mailbox", 0)] {
        let mailbox = Mailbox::open(answer).await;
        let (house, _) = house_with(&mailbox, "").await;
        post(&house, "/api/app/ask-for-letter", "name=zoe".to_owned()).await;
        send_due(&house).await;
        assert!(mailbox.commands().iter().any(|command| command.starts_with("RCPT")), "{answer}");
        assert!(mailbox.letters().is_empty(), "{answer}");
        assert_eq!(waiting(&house).await, waits, "{answer}");
        let tried = mailbox.commands().len();
        send_due(&house).await;
        assert_eq!(mailbox.commands().len(), tried, "not at once again");
    }
}

#[tokio::test]
async fn only_what_is_said_of_the_addressee_or_of_the_letter_ends_it() {
    for (verb, answer, waits) in [
        ("EHLO", "550 not from there", 1),
        ("AUTH", "535 wrong password", 1),
        ("MAIL", "530 show a password first", 1),
        ("MAIL", "550 not from that sender", 1),
        ("RCPT", "530 show a password first", 1),
        ("RCPT", "553 no such name", 0),
        ("DATA", "451 later", 1),
        (".", "451 later", 1),
        (".", "554 looks unwanted", 0),
    ] {
        let mailbox = Mailbox::saying(verb, answer).await;
        let (house, _) = house_with(&mailbox, "").await;
        post(&house, "/api/app/ask-for-letter", "name=zoe".to_owned()).await;
        send_due(&house).await;
        assert!(mailbox.letters().is_empty(), "{verb} {answer}");
        assert_eq!(waiting(&house).await, waits, "{verb} {answer}");
    }
}

#[tokio::test]
async fn the_page_with_a_link_names_the_public_address_whatever_the_request_says() {
    let house = House::with(&[("PUBLIC_URL", "https://books.example.org")]).await;
    let admin = house.signed_in().await;
    let users = house.send(request(Method::GET, "/api/v1/users", &[("authorization", &admin)])).await.json();
    let user = users[0]["id"].as_str().unwrap();
    let headers = [
        ("authorization", admin.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
        ("host", "evil.example"),
    ];
    let form = format!("user={user}&current={}", PASSWORD.replace(' ', "+"));
    let made = house.send(with_body(Method::POST, "/api/app/make-reset-link", &headers, form)).await;
    let cookie = made.header("set-cookie").split(';').next().unwrap().to_owned();
    let headers = [
        ("authorization", admin.as_str()),
        ("accept", "text/html"),
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("cookie", &cookie),
    ];
    let page = house.send(request(Method::GET, &format!("/users/{user}"), &headers)).await.text();
    assert!(page.contains("https://books.example.org/reset?token="), "{page}");
    assert!(!page.contains("evil.example"), "{page}");
}

#[tokio::test]
async fn nothing_is_told_to_a_mail_server_that_does_not_encrypt_when_it_must() {
    let mailbox = Mailbox::open("250 ok").await;
    let (house, _) = house_with(&mailbox, "?tls=required").await;
    post(&house, "/api/app/ask-for-letter", "name=zoe".to_owned()).await;
    send_due(&house).await;
    let told = mailbox.commands();
    assert!(told.iter().any(|command| command.starts_with("EHLO")), "{told:?}");
    assert!(!told.iter().any(|command| command.starts_with("AUTH") || command.starts_with("MAIL")), "{told:?}");
    assert_eq!(waiting(&house).await, 1, "it waits until the server does");
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_offered() {
    let house = House::new().await;
    assert!(!house.get("/sign-in").await.text().contains("/forgotten"));
    assert!(!house.get("/forgotten").await.text().contains("/api/app/ask-for-letter"));
    let asked = post(&house, "/api/app/ask-for-letter", "name=zoe".to_owned()).await;
    assert!(asked.header("location").contains("__err"), "{}", asked.header("location"));
    assert_eq!(waiting(&house).await, 0);
}

#[tokio::test]
async fn one_s_own_address_is_changed_with_the_password() {
    let mailbox = Mailbox::open("250 ok").await;
    let (house, _) = house_with(&mailbox, "").await;
    let session = house.sign_in("zoe", PASSWORD).await.json();
    let bearer = format!("Bearer {}", session["access_token"].as_str().unwrap());
    let page = async || house.send(request(Method::GET, "/account", &[("authorization", &bearer)])).await.text();
    let shown = page().await;
    assert!(shown.contains("value=\"zoe@example.org\""));
    assert_eq!(shown.matches("id=\"field-current\"").count(), 1, "two forms of the page ask for the password");
    let change = |current: &str| json!({ "email": "zoe@example.net", "current": current });
    let wrong = house.json(Method::PUT, "/api/v1/account/email", &bearer, &change("a wrong guess")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text());
    let right = house.json(Method::PUT, "/api/v1/account/email", &bearer, &change(PASSWORD)).await;
    assert_eq!(right.status, StatusCode::ACCEPTED, "{}", right.text());
    let shown = page().await;
    assert!(shown.contains("value=\"zoe@example.net\"") && shown.contains("role=\"note\""), "{shown}");
    let back = json!({ "email": "zoe@example.org", "current": PASSWORD });
    let back = house.json(Method::PUT, "/api/v1/account/email", &bearer, &back).await;
    assert_eq!(back.status, StatusCode::NO_CONTENT, "{}", back.text());
    assert!(!page().await.contains("zoe@example.net"));
}

#[tokio::test]
async fn an_address_is_confirmed_by_the_letter_that_is_sent_there_and_the_one_of_before_is_told() {
    let mailbox = Mailbox::open("250 ok").await;
    let (house, admin) = house_with(&mailbox, "").await;
    let session = house.sign_in("zoe", PASSWORD).await.json();
    let bearer = format!("Bearer {}", session["access_token"].as_str().unwrap());
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html"),
        ("referer", "http://127.0.0.1:5000/account"),
    ];
    let form = format!("email=zoe%40example.net&current={}", PASSWORD.replace(' ', "+"));
    let asked = house.send(with_body(Method::POST, "/api/app/set-email", &headers, form)).await;
    assert_eq!(asked.header("location"), "/account?done=email-asked", "{}", asked.text());
    send_due(&house).await;
    let letters = mailbox.letters();
    let to = |address: &str| letters.iter().find(|letter| letter.to[0] == format!("RCPT TO:<{address}>")).unwrap();
    let (letter, told) = (to("zoe@example.net"), to("zoe@example.org"));
    assert_eq!(letters.len(), 2, "{letters:?}");
    assert!(told.text.contains("compte zoe") && !told.text.contains("token="), "{}", told.text);
    let prefix = format!("{ORIGIN}/confirm-email?token=");
    let token = letter.text.split(&prefix).nth(1).unwrap().lines().next().unwrap();
    // Whoever merely looks at the link confirms nothing.
    for _ in 0..2 {
        let page = house.get(&format!("/confirm-email?token={token}")).await.text();
        assert!(page.contains("/api/app/confirm-email"), "{page}");
    }
    let users =
        || async { house.send(request(Method::GET, "/api/v1/users", &[("authorization", &admin)])).await.json() };
    let zoe = async || users().await.as_array().unwrap().iter().find(|user| user["username"] == "zoe").unwrap().clone();
    let before = zoe().await;
    assert_eq!(
        (&before["email"], &before["unconfirmed_email"]),
        (&json!("zoe@example.org"), &json!("zoe@example.net"))
    );
    let confirmed = post(&house, "/api/app/confirm-email", format!("token={token}")).await;
    assert_eq!(confirmed.header("location"), "/sign-in?done=email-confirmed");
    let after = zoe().await;
    assert_eq!((&after["email"], &after["unconfirmed_email"]), (&json!("zoe@example.net"), &json!(null)));
    let again = post(&house, "/api/app/confirm-email", format!("token={token}")).await;
    assert!(again.header("location").contains("__err"), "{}", again.header("location"));
    assert!(!house.get(&format!("/confirm-email?token={token}")).await.text().contains("/api/app/confirm-email"));
    post(&house, "/api/app/ask-for-letter", "name=zoe".to_owned()).await;
    send_due(&house).await;
    assert_eq!(mailbox.letters().last().unwrap().to, ["RCPT TO:<zoe@example.net>"]);
}

#[tokio::test]
async fn somebody_who_is_made_with_an_address_is_asked_first() {
    let mailbox = Mailbox::open("250 ok").await;
    let (house, admin) = house_with(&mailbox, "").await;
    let max = json!({ "username": "max", "display_name": "Max", "password": PASSWORD, "role": "viewer", "email": "max@example.org" });
    let made = house.json(Method::POST, "/api/v1/users", &admin, &max).await.json();
    let path = format!("/api/v1/users/{}", made["id"].as_str().unwrap());
    let refused = house.json(Method::POST, &format!("{path}/reset-letter"), &admin, &json!({})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (StatusCode::CONFLICT, &json!("address-unconfirmed")));
    post(&house, "/api/app/ask-for-letter", "name=max".to_owned()).await;
    send_due(&house).await;
    let [letter] = mailbox.letters().try_into().unwrap();
    assert!(letter.text.contains("/confirm-email?token=") && !letter.text.contains("/reset?token="), "{}", letter.text);
    let headers = [("authorization", admin.as_str()), ("accept", "text/html")];
    let page = house.send(request(Method::GET, &path.replace("/api/v1", ""), &headers)).await.text();
    assert!(page.contains("max@example.org") && page.contains("role=\"note\""), "{page}");
}
