//! Tokens, one-time codes and reset links, as a browser and a program use them.

use axum::http::{Method, StatusCode, header};
use serde_json::json;

use crate::harness::{Answer, House, ORIGIN, PASSWORD, USERNAME, request, with_body};

fn jar(answer: &Answer) -> String {
    let lines = answer.headers.get_all(header::SET_COOKIE).iter();
    let pairs: Vec<&str> = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap()).collect();
    pairs.into_iter().filter(|pair| !pair.ends_with('=')).collect::<Vec<_>>().join("; ")
}

async fn post(house: &House, door: &str, cookie: &str, form: &str) -> Answer {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html"),
        ("origin", ORIGIN),
        // A form without script comes back to its page, which the browser names.
        ("referer", "http://127.0.0.1:5000/account"),
        ("cookie", cookie),
    ];
    house.send(with_body(Method::POST, door, &headers, form.to_owned())).await
}

async fn page(house: &House, path: &str, cookie: &str) -> Answer {
    house.send(request(Method::GET, path, &[("cookie", cookie), ("accept", "text/html")])).await
}

async fn sign_in(house: &House) -> Answer {
    let form = format!("username={USERNAME}&password={}", PASSWORD.replace(' ', "+"));
    post(house, "/api/app/sign-in", "", &form).await
}

#[tokio::test]
async fn a_token_is_shown_once_and_works_as_bearer_until_it_is_ended() {
    let house = House::new().await;
    let bearer = house.signed_in().await;
    let cookie = jar(&sign_in(&house).await);
    let made = post(
        &house,
        "/api/app/create-token",
        &cookie,
        &format!("name=script&scope=read&days=7&current={}", PASSWORD.replace(' ', "+")),
    )
    .await;
    assert_eq!((made.status, made.header("location")), (StatusCode::FOUND, "/account"));
    let lines: Vec<_> = made.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
    let is_token = lines[0].starts_with("esp-once=token.") && lines[0].contains(".esp_");
    assert!(is_token && lines[0].contains("HttpOnly"), "{lines:?}");
    house.person(&bearer, "somebody-else", "editor").await;
    let form = format!("username=somebody-else&password={}", PASSWORD.replace(' ', "+"));
    let theirs = format!("{}; {}", jar(&post(&house, "/api/app/sign-in", "", &form).await), jar(&made));
    let other = page(&house, "/account", &theirs).await;
    assert!(other.status == StatusCode::OK && !other.text().contains("esp_"), "it was handed to somebody else");
    let with_secret = format!("{cookie}; {}", jar(&made));
    let shown = page(&house, "/account", &with_secret).await;
    let text = shown.text();
    let secret = text.split("esp_").nth(1).unwrap().split(['<', '"']).next().unwrap();
    let secret = format!("esp_{secret}");
    let taken: Vec<_> = shown.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
    assert!(taken.iter().any(|line| line.starts_with("esp-once=;") && line.contains("Max-Age=0")), "{taken:?}");
    assert!(!page(&house, "/account", &cookie).await.text().contains(&secret));

    let bearer = format!("Bearer {secret}");
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(house.send(request(Method::GET, "/api/v1/releases", &headers)).await.status, StatusCode::OK);
    let refused = house.json(Method::POST, "/api/v1/groups", &bearer, &json!({ "tag": "GRP" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "it may only read");
    for path in ["/api/v1/account/tokens", "/api/v1/account/sessions"] {
        assert_eq!(house.send(request(Method::GET, path, &headers)).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let tokens = page(&house, "/api/v1/account/tokens", &cookie).await.json();
    assert!(tokens[0]["last_used_at"].is_i64() && tokens[0].get("secret").is_none(), "{tokens}");
    let form = format!("token={}", tokens[0]["id"].as_str().unwrap());
    post(&house, "/api/app/end-token", &cookie, &form).await;
    assert_eq!(house.send(request(Method::GET, "/api/v1/releases", &headers)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_reset_link_changes_the_password_once_by_plain_forms() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    house.person(&admin, "ed", "editor").await;
    let users = house.send(request(Method::GET, "/api/v1/users", &[("authorization", &admin)])).await.json();
    let ed = users.as_array().unwrap().iter().find(|user| user["username"] == "ed").unwrap()["id"].clone();
    let path = format!("/api/v1/users/{}/reset-link", ed.as_str().unwrap());
    let link = house.json(Method::POST, &path, &admin, &json!({ "current": PASSWORD })).await.json();
    let address = link["url"].as_str().unwrap().strip_prefix(ORIGIN).unwrap().to_owned();
    let form_page = page(&house, &address, "").await;
    assert!(form_page.text().contains("/api/app/reset-password"), "{address}: {}", form_page.text());
    let token = address.split("token=").nth(1).unwrap();
    let weak = post(&house, "/api/app/reset-password", "", &format!("token={token}&new=short")).await;
    assert!(weak.header("location").contains("__err"), "{}", weak.header("location"));
    let form = format!("token={token}&new=an+even+better+password");
    let reset = post(&house, "/api/app/reset-password", "", &form).await;
    assert_eq!(reset.header("location"), "/sign-in?done=password-reset");
    assert!(post(&house, "/api/app/reset-password", "", &form).await.header("location").contains("__err"));
    assert!(!page(&house, &address, "").await.text().contains("/api/app/reset-password"));
    assert_eq!(house.sign_in("ed", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.sign_in("ed", "an even better password").await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn with_one_time_codes_the_password_leads_to_the_code_and_no_session_begins() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let accounts = house.state.services.accounts();
    let actor = accounts.authenticate(admin.strip_prefix("Bearer ").unwrap()).await.unwrap();
    accounts.begin_codes(&actor, &PASSWORD.into()).await.unwrap();
    let cookie = jar(&sign_in(&house).await);
    let account = page(&house, "/account", &cookie).await.text();
    assert!(account.contains("class=\"qr\"") && account.contains("/api/app/confirm-codes"));
    let wrong = post(&house, "/api/app/confirm-codes", &cookie, "code=000000").await;
    assert!(wrong.header("location").contains("__err"));
    let to_be = accounts.codes_to_be(&actor).await.unwrap().unwrap();
    let code = crate::one_time_code::now(service::ExposeSecret::expose_secret(&to_be.seed));
    let confirmed = post(&house, "/api/app/confirm-codes", &cookie, &format!("code={code}")).await;
    let shown = page(&house, "/account", &format!("{cookie}; {}", jar(&confirmed))).await.text();
    let recovery = shown.split("recovery-codes").nth(1).unwrap().split("<code>").nth(1).unwrap();
    let recovery = recovery.split('<').next().unwrap().to_owned();
    assert_eq!(recovery.len(), 11, "{recovery}");

    let begun = sign_in(&house).await;
    assert_eq!(begun.header("location"), "/sign-in/code");
    let challenge = jar(&begun);
    assert!(challenge.starts_with("esp-challenge=") && !challenge.contains("esp-access"), "{challenge}");
    assert_eq!(page(&house, "/releases", &challenge).await.status, StatusCode::FOUND, "no session has begun");
    assert!(page(&house, "/sign-in/code", &challenge).await.text().contains("one-time-code"));
    let wrong = post(&house, "/api/app/sign-in-code", &challenge, "code=000000").await;
    assert!(wrong.header("location").contains("__err") && !jar(&wrong).contains("esp-access"));
    let alone = post(&house, "/api/app/sign-in-code", "", &format!("code={recovery}")).await;
    assert!(!jar(&alone).contains("esp-access"), "a code without a password");
    let done = post(&house, "/api/app/sign-in-code", &challenge, &format!("code={recovery}")).await;
    assert_eq!(done.header("location"), "/");
    assert_eq!(page(&house, "/releases", &jar(&done)).await.status, StatusCode::OK);

    let program = house.sign_in(USERNAME, PASSWORD).await;
    assert_eq!((program.status, &program.json()["code"]), (StatusCode::UNAUTHORIZED, &json!("code-required")));
}
