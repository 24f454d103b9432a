//! Cookies and bearer tokens.

use axum::http::{Method, StatusCode, header};

use crate::harness::{Answer, House, ORIGIN, PASSWORD, USERNAME, request, with_body};

fn cookies(answer: &Answer) -> Vec<String> {
    let lines = answer.headers.get_all(header::SET_COOKIE).iter();
    lines.map(|line| line.to_str().unwrap().to_owned()).collect()
}

fn jar(answer: &Answer) -> String {
    let pairs: Vec<String> = cookies(answer).iter().map(|line| line.split(';').next().unwrap().to_owned()).collect();
    pairs.join("; ")
}

async fn sign_in(house: &House, back: &str) -> Answer {
    house.signed_in().await;
    let form = format!("username={USERNAME}&password={}&back={back}", PASSWORD.replace(' ', "+"));
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html"), ("origin", ORIGIN)];
    house.send(with_body(Method::POST, "/api/app/sign-in", &headers, form)).await
}

#[tokio::test]
async fn signing_in_by_a_plain_form_sets_cookies_that_scripts_cannot_read() {
    let house = House::new().await;
    let answer = sign_in(&house, "%2Fjobs").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, "/jobs"), "{}", answer.text());
    let lines = cookies(&answer);
    assert_eq!(lines.len(), 2, "{lines:?}");
    for line in lines {
        assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax") && line.contains("Path=/"), "{line}");
    }
    let page = house.send(request(Method::GET, "/api/v1/releases", &[("cookie", &jar(&answer))])).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
}

#[tokio::test]
async fn signing_in_never_leads_to_another_host() {
    let house = House::new().await;
    let answer = sign_in(&house, "https%3A%2F%2Fevil.example").await;
    assert!(answer.header("location").starts_with('/'), "{}", answer.header("location"));
    assert!(!answer.header("location").starts_with("//"));
}

#[tokio::test]
async fn an_access_token_that_is_gone_is_renewed_on_the_way() {
    let house = House::new().await;
    let signed_in = sign_in(&house, "").await;
    let refresh = jar(&signed_in).split("; ").find(|pair| pair.starts_with("esp-refresh=")).unwrap().to_owned();
    let cookie = format!("esp-access=expired; {refresh}");
    let renewed = house.send(request(Method::GET, "/api/v1/releases", &[("cookie", &cookie)])).await;
    assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.text());
    assert_eq!(cookies(&renewed).len(), 2);
    let again = house.send(request(Method::GET, "/api/v1/releases", &[("cookie", &jar(&renewed))])).await;
    assert_eq!((again.status, cookies(&again).len()), (StatusCode::OK, 0));
}

#[tokio::test]
async fn a_part_of_an_upload_does_not_renew_because_its_answer_comes_late() {
    let house = House::new().await;
    let signed_in = sign_in(&house, "").await;
    let refresh = jar(&signed_in).split("; ").find(|pair| pair.starts_with("esp-refresh=")).unwrap().to_owned();
    let headers = [("cookie", refresh.as_str()), ("origin", ORIGIN), ("tus-resumable", "1.0.0")];
    let path = "/api/v1/uploads/01ARZ3NDEKTSV4RRFFQ69G5FAV";
    let patch = house.send(request(Method::PATCH, path, &headers)).await;
    assert_eq!((patch.status, cookies(&patch).len()), (StatusCode::UNAUTHORIZED, 0));
    let head = house.send(request(Method::HEAD, path, &headers)).await;
    assert_eq!((head.status, cookies(&head).len()), (StatusCode::NOT_FOUND, 2));
}

#[tokio::test]
async fn a_session_that_was_ended_is_over_at_once() {
    let house = House::new().await;
    let bearer = house.signed_in().await;
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(house.send(request(Method::GET, "/api/v1/groups", &headers)).await.status, StatusCode::OK);
    let ended = house.send(request(Method::DELETE, "/api/v1/sessions", &headers)).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(house.send(request(Method::GET, "/api/v1/groups", &headers)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn at_the_end_of_a_session_the_browser_forgets_what_it_has_of_it() {
    let house = House::new().await;
    let signed_in = sign_in(&house, "").await;
    assert!(!signed_in.headers.contains_key("clear-site-data"));
    let cookie = jar(&signed_in);
    let headers = [("cookie", cookie.as_str()), ("origin", ORIGIN), ("accept", "text/html")];
    let out = house.send(with_body(Method::POST, "/api/app/sign-out", &headers, "")).await;
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"", "{:?}", out.headers);
    // Another tab of the same session, and one that was ended from elsewhere, hears of it with its next page.
    let later = house.send(request(Method::GET, "/releases", &headers)).await;
    assert_eq!((later.status, later.header("clear-site-data")), (StatusCode::FOUND, "\"cache\", \"storage\""));
    let stranger = house.send(request(Method::GET, "/releases", &headers[2..])).await;
    assert!(!stranger.headers.contains_key("clear-site-data"), "nobody was there before");
}

#[tokio::test]
async fn whoever_does_not_get_in_is_counted_by_page_and_by_api() {
    let house = House::new().await;
    house.signed_in().await;
    let failures = async || {
        let page = house.get("/metrics").await.text();
        let line = page.lines().find_map(|line| line.strip_prefix("sign_in_failures_total "));
        line.map_or(0, |number| number.parse::<u64>().unwrap())
    };
    let form = |password: &str| format!("username={USERNAME}&password={password}");
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html"), ("origin", ORIGIN)];
    let before = failures().await;
    house.send(with_body(Method::POST, "/api/app/sign-in", &headers, form("a+wrong+guess"))).await;
    assert_eq!(failures().await, before + 1, "by page");
    house.sign_in(USERNAME, "a wrong guess").await;
    assert_eq!(failures().await, before + 2, "by API");
    house.send(with_body(Method::POST, "/api/app/sign-in", &headers, form(&PASSWORD.replace(' ', "+")))).await;
    assert_eq!(failures().await, before + 2, "who gets in is no failure");
}

#[tokio::test]
async fn wrong_credentials_are_refused_the_same_way_whatever_was_wrong() {
    let house = House::new().await;
    house.signed_in().await;
    let (password, name) = (house.sign_in(USERNAME, "wrong").await, house.sign_in("nobody", PASSWORD).await);
    assert_eq!((password.status, name.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    assert_eq!(password.body, name.body);
}

#[tokio::test]
async fn too_many_attempts_are_told_when_to_come_back() {
    let house = House::new().await;
    let mut last = house.sign_in("somebody", "wrong").await;
    for _ in 0..70 {
        if last.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        let request = with_body(Method::POST, "/api/v1/sessions", &[("content-type", "application/json")], "no json");
        last = house.send(request).await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(last.json()["code"], "busy");
}
