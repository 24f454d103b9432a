//! What every answer says to the browser.

use std::io::Read;

use axum::http::{Method, StatusCode};
use flate2::read::GzDecoder;

use crate::harness::{House, request};

const EVERYWHERE: [&str; 6] = [
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "content-security-policy",
    "cache-control",
    "x-request-id",
];

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let house = House::new().await;
    for path in [
        "/",
        "/sign-in",
        "/setup",
        "/nowhere",
        "/api/health/live",
        "/metrics",
        "/api/v1/releases",
        "/api/v1/x",
        "/api/x",
    ] {
        let answer = house.get(path).await;
        for name in EVERYWHERE {
            assert!(answer.headers.contains_key(name), "{path} ({}) has no {name}", answer.status);
        }
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1, "{path}");
        assert!(!answer.headers.contains_key("strict-transport-security"), "{path}: HSTS without https");
    }
}

#[tokio::test]
async fn the_scripts_of_a_page_carry_the_nonce_of_its_policy_and_no_other() {
    let house = House::new().await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        let answer = house.get("/sign-in").await;
        assert_eq!(answer.status, StatusCode::OK);
        let policy = answer.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        assert!(nonce.len() >= 20, "{policy}");
        let page = answer.text();
        let scripts: Vec<&str> = page.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap()).collect();
        assert!(!scripts.is_empty(), "the page has no script at all");
        for script in scripts {
            assert!(script.contains(&format!("nonce=\"{nonce}\"")), "<script{script}> against {policy}");
        }
        assert!(!page.contains(" style="), "an inline style, which the policy forbids");
        seen.push(nonce);
    }
    assert_ne!(seen[0], seen[1], "a nonce was used twice");
}

#[tokio::test]
async fn under_https_the_browser_is_told_to_stay_there() {
    let house = House::with(&[("PUBLIC_URL", "https://books.example.org")]).await;
    let answer = house.get("/sign-in").await;
    assert!(answer.header("strict-transport-security").contains("max-age=31536000"));
    assert!(answer.header("content-security-policy").contains("https://books.example.org/pkg/"));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_with_the_limit() {
    use axum::http::Method;

    let house = House::new().await;
    let headers = [("content-type", "application/json")];
    let request = crate::harness::with_body(Method::POST, "/api/v1/sessions", &headers, vec![b' '; 3 << 20]);
    let answer = house.send(request).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.json()["limit"], 2 << 20);
}

#[tokio::test]
async fn pages_travel_compressed_to_whoever_accepts_it() {
    let house = House::new().await;
    let accepted: &[(&str, &str)] = &[("accept-encoding", "gzip, deflate, br")];
    let plain = house.get("/sign-in").await;
    assert!(plain.headers.get("content-encoding").is_none());
    let page = house.send(request(Method::GET, "/sign-in", accepted)).await;
    assert_eq!((page.header("content-encoding"), page.header("vary")), ("gzip", "accept-encoding"));
    assert!(page.body.len() < plain.body.len(), "{} of {}", page.body.len(), plain.body.len());
    let mut text = String::new();
    GzDecoder::new(&page.body[..]).read_to_string(&mut text).unwrap();
    assert!(text.starts_with("<!DOCTYPE html>") && text.contains("</html>"), "{text}");
}
