//! Changes that another site asks for in a person's name.

use axum::http::{Method, StatusCode};

use crate::harness::{House, ORIGIN, with_body};

async fn post(house: &House, headers: &[(&str, &str)]) -> StatusCode {
    let headers = [headers, &[("content-type", "application/json")]].concat();
    house.send(with_body(Method::POST, "/api/v1/sessions", &headers, "{}")).await.status
}

#[tokio::test]
async fn a_change_from_another_site_is_refused() {
    let house = House::new().await;
    let cookie = ("cookie", "esp-access=x");
    let refused: [&[(&str, &str)]; 6] = [
        &[cookie],
        &[cookie, ("origin", "https://evil.example")],
        &[cookie, ("origin", "null")],
        &[cookie, ("sec-fetch-site", "cross-site")],
        &[cookie, ("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
    ];
    for headers in refused {
        assert_eq!(post(&house, headers).await, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let passed: [&[(&str, &str)]; 5] = [
        &[],
        &[cookie, ("origin", ORIGIN)],
        &[cookie, ("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
        &[("authorization", "Bearer x"), ("origin", "https://evil.example")],
    ];
    for headers in passed {
        assert_ne!(post(&house, headers).await, StatusCode::FORBIDDEN, "{headers:?}");
    }
}

#[tokio::test]
async fn behind_a_public_address_only_that_address_is_ours() {
    let house = House::with(&[("PUBLIC_URL", "https://books.example.org")]).await;
    let cookie = ("cookie", "__Host-esp-access=x");
    assert_eq!(post(&house, &[cookie, ("origin", ORIGIN)]).await, StatusCode::FORBIDDEN);
    assert_ne!(post(&house, &[cookie, ("origin", "https://books.example.org")]).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_origin_that_is_allowed_may_call_without_cookies_only() {
    let tools = "https://tools.example.org";
    let house = House::with(&[("CORS_ORIGINS", tools)]).await;
    assert_ne!(post(&house, &[("origin", tools)]).await, StatusCode::FORBIDDEN);
    assert_eq!(post(&house, &[("origin", tools), ("cookie", "esp-access=x")]).await, StatusCode::FORBIDDEN);
    let asking = [("origin", tools), ("access-control-request-method", "PATCH")];
    let answer = house.send(with_body(Method::OPTIONS, "/api/v1/releases/x", &asking, "")).await;
    assert_eq!(answer.header("access-control-allow-origin"), tools);
    assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    let asking = [("origin", "https://evil.example"), ("access-control-request-method", "PATCH")];
    let answer = house.send(with_body(Method::OPTIONS, "/api/v1/releases/x", &asking, "")).await;
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}
