//! Health and metrics.

use axum::http::StatusCode;

use crate::harness::House;

#[tokio::test]
async fn health_says_every_part_by_the_names_of_the_deployment_guide() {
    let house = House::new().await;
    let answer = house.get("/api/health").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let health = answer.json();
    let services = &health["services"];
    assert_eq!((&services["database"], &services["cache"]), (&"healthy".into(), &"healthy".into()), "{health}");
    assert!(services["disk"]["free_percent"].is_number() && services["disk"]["status"].is_string(), "{health}");
    assert!(services["memory"]["percent_used"].is_number() && services["memory"]["status"].is_string(), "{health}");
    let timestamp = health["timestamp"].as_str().unwrap();
    assert!(timestamp.ends_with('Z') && timestamp.contains('T'), "{timestamp}");
}

#[tokio::test]
async fn a_node_that_leaves_is_alive_and_not_ready_and_closes_connections() {
    let house = House::new().await;
    assert_eq!(house.get("/api/health/ready").await.status, StatusCode::OK);
    house.state.drain.begin();
    let ready = house.get("/api/health/ready").await;
    assert_eq!((ready.status, ready.header("connection")), (StatusCode::SERVICE_UNAVAILABLE, "close"));
    assert_eq!(house.get("/api/health/live").await.status, StatusCode::OK);
}

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_address() {
    let house = House::new().await;
    house.get("/sign-in?secret-in-a-query").await;
    house.get("/api/v1/releases/secret-in-a-path").await;
    let text = house.get("/metrics").await.text();
    assert!(text.contains("http_requests_total{"), "{text}");
    assert!(text.contains("http_request_duration_seconds_bucket{"), "{text}");
    assert!(text.contains("route=\"/api/v1/releases/{id}\""), "{text}");
    assert!(!text.contains("secret-in"), "{text}");
    assert!(text.contains("process_resident_memory_bytes"), "{text}");
}

#[tokio::test]
async fn metrics_tell_the_parts_the_tables_and_the_books_that_came() {
    let house = House::new().await;
    let bearer = house.signed_in().await;
    house.draft_without_waiting(&bearer).await;
    let text = house.get("/metrics").await.text();
    for expected in [
        "part_healthy{part=\"database\"} 1",
        "node_ready 1",
        "jobs{kind=\"pack\",state=\"failed\"} 0",
        "active_users 1",
        "upload_size_bytes_bucket{",
        "database_query_duration_seconds_bucket{kind=\"change\"",
        "database_connections{state=\"used\"}",
        "cache_lookups_total{result=",
        "process_cpu_seconds ",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}
