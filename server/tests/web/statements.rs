//! Statements of SQL in every parameter of every door and every route, on both engines: each is a value, and nothing else.

use axum::http::{Method, StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{
    harness::{House, USERNAME, request, with_body},
    hostile::{STATEMENTS, encoded},
    roles::{DOORS, ROUTES},
};

const FORM: &str = "application/x-www-form-urlencoded";

/// A form with the value of one parameter in its place.
fn with_value(form: &str, parameter: usize, value: &str) -> Option<String> {
    let mut parts: Vec<String> = form.split('&').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let part = parts.get_mut(parameter)?;
    let name = part.split('=').next()?.to_owned();
    *part = format!("{name}={}", encoded(value));
    Some(parts.join("&"))
}

/// A body with the attack in the place of each of its texts.
fn with_texts(body: &Value, attack: &str) -> Value {
    match body {
        Value::String(_) => Value::String(attack.to_owned()),
        Value::Array(some) => some.iter().map(|one| with_texts(one, attack)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), with_texts(value, attack))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn each_parameter_is_reached() {
    assert_eq!(with_value("a=1&b=2", 1, "'").as_deref(), Some("a=1&b=%27"));
    assert_eq!(with_value("a=1&b=2", 2, "'"), None);
    assert_eq!(with_value("", 0, "'"), None);
    let body = serde_json::json!({ "a": "", "b": ["", 1] });
    assert_eq!(with_texts(&body, "'"), serde_json::json!({ "a": "'", "b": ["'", 1] }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_in_any_parameter_of_any_way_in_is_a_value() {
    House::on_both_engines(try_everything).await;
}

async fn try_everything(house: House) {
    let admin = house.signed_in().await;
    house.draft_without_waiting(&admin).await;
    let mut asked = 0;
    for (number, attack) in STATEMENTS.into_iter().enumerate() {
        // Each attack by somebody else: what one may ask for is limited.
        let bearer = house.person(&admin, &format!("attacker-{number}"), "admin").await;
        asked += doors(&house, &bearer, attack).await + routes(&house, &bearer, attack).await;
    }
    assert!(asked > 800, "only {asked} were tried");
    // Everybody and everything is still there.
    let users = house.send(request(Method::GET, "/api/v1/users", &[("authorization", &admin)])).await.json();
    let names: Vec<_> = users.as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect();
    assert!(names.contains(&USERNAME) && names.contains(&"attacker-7"), "{names:?}");
    let releases = house.send(request(Method::GET, "/api/v1/releases", &[("authorization", &admin)])).await.json();
    assert_eq!(releases["items"].as_array().unwrap().len(), 1);
}

/// Every parameter of every form. Gives how many were tried.
async fn doors(house: &House, bearer: &str, attack: &str) -> u32 {
    let mut tried = 0;
    for (door, form, _) in DOORS {
        let path = format!("/api/app/{door}");
        for parameter in 0.. {
            let Some(body) = with_value(form, parameter, attack) else { break };
            let headers = [("authorization", bearer), ("content-type", FORM)];
            let answer = house.send(with_body(Method::POST, &path, &headers, body.clone())).await;
            assert!(!answer.status.is_server_error(), "{path} {body}: {} {}", answer.status, answer.text());
            tried += 1;
        }
    }
    tried
}

/// Every id and every text of every route. Gives how many were tried.
async fn routes(house: &House, bearer: &str, attack: &str) -> u32 {
    let mut tried = 0;
    let metadata = format!("filename {},fingerprint {}", STANDARD.encode(attack), STANDARD.encode(attack));
    for (route, body, _) in ROUTES {
        let (method, path) = route.split_once(' ').unwrap();
        if path == "/api/v1/events" {
            // A stream without an end, and it takes nothing.
            continue;
        }
        let path = path.replace("ID", &encoded(attack)).replace("name", &encoded(attack));
        let body =
            serde_json::from_str(body).map_or_else(|_| body.to_owned(), |body| with_texts(&body, attack).to_string());
        let headers = [
            ("authorization", bearer),
            ("content-type", "application/json"),
            ("tus-resumable", "1.0.0"),
            ("upload-length", "5"),
            ("upload-metadata", &metadata),
        ];
        let answer = house.send(with_body(method.parse().unwrap(), &path, &headers, body.clone())).await;
        assert!(!answer.status.is_server_error(), "{method} {path} {body}: {} {}", answer.status, answer.text());
        assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        tried += 1;
    }
    tried
}
