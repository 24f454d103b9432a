//! What is done with all jobs of a list, by its forms as a browser without script sends them.

use axum::http::Method;

use crate::harness::{Answer, House, ORIGIN, request, with_body};

async fn page(house: &House, bearer: &str, path: &str) -> String {
    house.send(request(Method::GET, path, &[("authorization", bearer), ("accept", "text/html")])).await.text()
}

async fn send(house: &House, bearer: &str, door: &str, body: &str) -> Answer {
    let from = format!("{ORIGIN}/jobs");
    let headers = [
        ("authorization", bearer),
        ("accept", "text/html"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", ORIGIN),
        ("referer", &from),
    ];
    house.send(with_body(Method::POST, &format!("/api/app/{door}"), &headers, body.to_owned())).await
}

#[tokio::test]
async fn the_jobs_of_a_list_are_stopped_at_once_and_a_list_that_nobody_knows_is_not_all_of_them() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    for _ in 0..2 {
        house.draft_without_waiting(&admin).await;
    }
    let shown = page(&house, &admin, "/jobs").await;
    assert!(shown.contains("action=\"/api/app/cancel-jobs\"") && shown.contains("Cancel 2 jobs?"), "{shown}");
    assert!(!shown.contains("/api/app/retry-jobs"), "none has failed");
    assert_eq!(shown.matches("action=\"/api/app/cancel-job\"").count(), 2, "each has its own button, too");

    for body in ["state=all&kind=", "state=&kind=everything"] {
        let unknown = send(&house, &admin, "cancel-jobs", body).await;
        assert!(unknown.header("location").contains("__err"), "{:?}", unknown.headers);
    }
    assert!(page(&house, &admin, "/jobs?state=queued").await.contains("Cancel 2 jobs?"), "none was stopped");

    let stopped = send(&house, &admin, "cancel-jobs", "state=queued&kind=inspect").await;
    assert_eq!(stopped.header("location"), "/jobs?state=queued&kind=inspect&stopped=2");
    let shown = page(&house, &admin, stopped.header("location")).await;
    assert!(shown.contains("2 jobs are asked to stop.") && shown.contains("No job here"), "{shown}");
    assert!(page(&house, &admin, "/jobs").await.contains("action=\"/api/app/retry-job\""), "each may be begun anew");
}
