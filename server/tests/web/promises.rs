//! What pages offer and say, held against what there is.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::{
    harness::{FORM_TYPE, House, form, request, with_body},
    sample_book,
};

async fn page(house: &House, bearer: &str, path: &str) -> String {
    let answer = house.send(request(Method::GET, path, &[("authorization", bearer), ("accept", "text/html")])).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.text()
}

#[tokio::test]
async fn no_page_offers_a_right_that_nothing_asks_for_and_what_is_stored_stays() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let grants = json!([["releases", "read"], ["templates", "read"], ["audit", "delete"]]);
    let made = house.json(Method::POST, "/api/v1/roles", &admin, &json!({ "name": "Old", "grants": grants })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let role = page(&house, &admin, "/roles?role=Old").await;
    for kept in ["templates.read", "audit.delete"] {
        let hidden = format!("<input type=\"hidden\" name=\"form[grants][]\" value=\"{kept}\"");
        assert!(role.contains(&hidden), "{kept}: {role}");
    }
    assert!(role.contains("value=\"audit.read\"") && role.contains("value=\"settings.modify\""));
    for nothing in ["destinations.read", "templates.write", "keys.read", "settings.delete", "users.delete"] {
        assert!(!role.contains(nothing), "{nothing}: {role}");
    }
    house.person(&admin, "zoe", "viewer").await;
    let users = house.send(request(Method::GET, "/api/v1/users", &[("authorization", &admin)])).await.json();
    let zoe = users.as_array().unwrap().iter().find(|user| user["username"] == "zoe").unwrap()["id"].as_str().unwrap();
    let exceptions = json!([{ "resource": "keys", "action": "read", "allowed": true }]);
    let path = format!("/api/v1/users/{zoe}");
    let changed = house.json(Method::PATCH, &path, &admin, &json!({ "exceptions": exceptions })).await;
    assert!(changed.status.is_success(), "{}", changed.text());
    let person = page(&house, &admin, &format!("/users/{zoe}")).await;
    assert!(
        person.contains("<input type=\"hidden\" name=\"form[exceptions][]\" value=\"allow.keys.read\""),
        "{person}"
    );
    assert!(person.contains("allow.audit.read") && !person.contains("destinations") && !person.contains("deny.keys"));
}

#[tokio::test]
async fn the_audit_log_names_what_it_has_and_for_how_long_it_stays() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let audit = page(&house, &admin, "/audit").await;
    assert!(audit.contains("An entry stays for 730 days"), "{audit}");
    assert!(audit.contains("value=\"keys\"") && !audit.contains("value=\"destinations\""), "{audit}");
    let kept = |audit_days: u32| {
        ["wanted", "seen"].map(|form| {
            let days = if form == "wanted" { audit_days } else { 730 };
            format!("form[{form}][upload_hours]=24&form[{form}][job_days]=90&form[{form}][audit_days]={days}&form[{form}][source_days]=0&form[{form}][package_days]=0")
        })
    };
    let headers = [("authorization", admin.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let change = with_body(Method::POST, "/api/app/settings-change", &headers, kept(1_000).join("&"));
    let changed = house.send(change).await;
    assert!(changed.status.is_success() || changed.status.is_redirection(), "{}", changed.text());
    let audit = page(&house, &admin, "/audit").await;
    assert!(audit.contains("An entry stays for 1000 days"), "{audit}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_book_in_the_inbox_is_looked_at_where_it_is_decided_and_nothing_is_offered_that_is_refused() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let editor = house.person(&admin, "ed", "editor").await;
    let sender = house.person(&admin, "cora", "contributor").await;
    let working = house.worker();
    let headers = [("authorization", sender.as_str()), ("content-type", FORM_TYPE)];
    let sent = with_body(Method::POST, "/api/v1/books", &headers, form("sent.epub", &sample_book::epub("Sent in")));
    let release = house.send(sent).await.json()["release"].as_str().unwrap().to_owned();
    house.until_status(&admin, &release, "draft").await;
    working.stop().await;
    let inbox = page(&house, &editor, "/inbox").await;
    assert!(inbox.contains(&format!("href=\"/releases/{release}\"")) && inbox.contains("Sent in by cora"), "{inbox}");
    assert!(inbox.contains("ePUB") && inbox.contains("aria-label=\"Findings\""), "{inbox}");
    let shown = page(&house, &editor, &format!("/releases/{release}")).await;
    assert!(shown.contains("This book waits in the inbox") && shown.contains("href=\"/inbox\""), "{shown}");
    for refused in ["/api/app/delete-release", &format!("/releases/{release}/review"), "/jobs/"] {
        assert!(!shown.contains(refused), "{refused}: {shown}");
    }
    // Who sees every group works on it as on any other.
    let shown = page(&house, &admin, &format!("/releases/{release}")).await;
    assert!(shown.contains("This book waits in the inbox") && shown.contains("/api/app/delete-release"), "{shown}");
    // Its sender sees where it stands, and no page that is not theirs.
    let own = page(&house, &sender, "/inbox").await;
    assert!(own.contains("Sent in") && !own.contains(&format!("/releases/{release}")), "{own}");
}
