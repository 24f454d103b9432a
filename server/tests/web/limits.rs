//! How often somebody may ask.

use axum::http::{Method, StatusCode};

use crate::harness::{House, ORIGIN, USERNAME, request, with_body};

/// A limit fills up again while it is used up: a busy machine with a distant database needs more attempts than the limit
/// has, and gets there as long as it answers faster than once an interval.
const PATIENCE: usize = 5_000;

#[tokio::test]
async fn whoever_is_signed_in_is_slowed_and_told_when_to_come_back() {
    let house = House::new().await;
    let bearer = house.signed_in().await;
    let other = house.person(&bearer, "other", "editor").await;
    let mut last = StatusCode::OK;
    for _ in 0..PATIENCE {
        let answer = house.send(request(Method::GET, "/api/v1/profiles", &[("authorization", &bearer)])).await;
        last = answer.status;
        if last == StatusCode::TOO_MANY_REQUESTS {
            assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
            break;
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let answer = house.send(request(Method::GET, "/api/v1/profiles", &[("authorization", &other)])).await;
    assert_eq!(answer.status, StatusCode::OK, "one person's haste is not another's");
}

#[tokio::test]
async fn new_uploads_are_counted() {
    let house = House::new().await;
    let bearer = house.signed_in().await;
    let headers = [
        ("authorization", bearer.as_str()),
        ("tus-resumable", "1.0.0"),
        ("upload-length", "5"),
        ("upload-metadata", "filename YS5lcHVi"),
    ];
    let mut answers = Vec::new();
    for _ in 0..PATIENCE {
        answers.push(house.send(request(Method::POST, "/api/v1/uploads", &headers)).await);
        if answers.last().unwrap().status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
    }
    let last = answers.last().unwrap();
    assert_eq!((answers[0].status, last.status), (StatusCode::CREATED, StatusCode::TOO_MANY_REQUESTS));
    assert!(last.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn refreshing_is_counted_by_address() {
    let house = House::new().await;
    let mut statuses = Vec::new();
    for number in 0..40 {
        let cookie = format!("esp-refresh=guess-{number}");
        let answer = house.send(request(Method::GET, "/api/v1/releases", &[("cookie", &cookie)])).await;
        statuses.push(answer.status);
    }
    assert_eq!(statuses[0], StatusCode::UNAUTHORIZED);
    assert_eq!(statuses.last(), Some(&StatusCode::TOO_MANY_REQUESTS), "{statuses:?}");
}

#[tokio::test]
async fn a_page_whose_session_is_prolonged_too_often_says_when_to_come_back_and_is_no_incident() {
    let house = House::new().await;
    let mut last = None;
    for number in 0..PATIENCE {
        let cookie = format!("esp-refresh=guess-{number}");
        let headers = [("cookie", cookie.as_str()), ("accept", "text/html"), ("accept-language", "fr")];
        let answer = house.send(request(Method::GET, "/releases", &headers)).await;
        let is_refused = answer.status == StatusCode::TOO_MANY_REQUESTS;
        assert!(is_refused || answer.status.is_redirection(), "{}", answer.text());
        last = Some(answer);
        if is_refused {
            break;
        }
    }
    let last = last.unwrap();
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert!(last.text().contains("Trop à la fois") && !last.text().contains("<code>"), "{}", last.text());
}

#[tokio::test]
async fn a_door_of_the_interface_that_is_too_busy_says_when_to_come_back() {
    let house = House::new().await;
    house.signed_in().await;
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json"), ("origin", ORIGIN)];
    let mut last = None;
    for _ in 0..PATIENCE {
        let form = format!("username={USERNAME}&password=a+wrong+guess");
        let answer = house.send(with_body(Method::POST, "/api/app/sign-in", &headers, form)).await;
        let is_refused = answer.status == StatusCode::TOO_MANY_REQUESTS;
        last = Some(answer);
        if is_refused {
            break;
        }
    }
    let last = last.unwrap();
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS, "{}", last.text());
    assert!(last.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn nobody_escapes_a_limit_by_writing_a_header_about_their_address() {
    let house = House::new().await;
    let mut last = StatusCode::OK;
    for number in 0..70 {
        let address = format!("198.51.100.{number}");
        let headers = [("content-type", "application/json"), ("x-forwarded-for", address.as_str())];
        let body = r#"{"username":"somebody","password":"a wrong guess"}"#;
        last = house.send(with_body(Method::POST, "/api/v1/sessions", &headers, body)).await.status;
        if last == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
