//! What happens at one node is known at the others.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{
    client::Client,
    cluster::{Cluster, book, database, pack, until, until_status},
    services::Redis,
};

async fn shared() -> (Cluster, Redis) {
    let ((primary, replica), redis) = (database().await, Redis::start());
    let variables = [("DATABASE_URL", primary), ("DATABASE_REPLICA_URL", replica), ("REDIS_URL", redis.url())];
    (Cluster::new(&variables), redis)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_just_changed_something_sees_it_at_every_node() {
    let (cluster, _redis) = shared().await;
    let (one, other) = (cluster.node("one", 0), cluster.node("other", 1));
    let client = cluster.sign_in(&one).await;
    let follows = until(async || {
        let health = client.get(other.port, "/api/health").await.json();
        (health["services"]["replica"]["status"] == "healthy").then_some(())
    });
    assert!(follows.await.is_some(), "the replica does not follow");
    for number in 0..20 {
        let tag = format!("GRP{number}");
        let id = cluster.group(&one, &client, &tag).await;
        let groups = client.get(other.port, "/api/v1/groups").await.expect(200).json();
        let found = groups.as_array().unwrap().iter().any(|group| group["id"].as_str() == Some(&*id));
        assert!(found, "{tag} is not seen by who made it: {groups}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_everywhere_at_once() {
    let (cluster, _redis) = shared().await;
    let (one, other) = (cluster.node("one", 0), cluster.node("other", 0));
    let client = cluster.sign_in(&one).await;
    client.get(other.port, "/api/v1/jobs").await.expect(200);
    client.send(one.port, "DELETE", "/api/v1/sessions", &Value::Null).await.expect(204);
    client.get(other.port, "/api/v1/jobs").await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_are_counted_together() {
    let (cluster, _redis) = shared().await;
    let nodes = [cluster.node("one", 0), cluster.node("other", 0)];
    let wrong = serde_json::json!({ "username": "nobody-here", "password": "not the password" });
    let mut answers = Vec::new();
    for attempt in 0..40 {
        let node = &nodes[attempt % 2];
        let answer = Client::default().send(node.port, "POST", "/api/v1/sessions", &wrong).await;
        answers.push(answer.status);
        if answer.status == 429 {
            break;
        }
    }
    assert_eq!(answers.last(), Some(&429), "{answers:?}");
    let answer = Client::default().send(nodes[0].port, "POST", "/api/v1/sessions", &wrong).await;
    let same = Client::default().send(nodes[1].port, "POST", "/api/v1/sessions", &wrong).await;
    assert_eq!((answer.status, same.status), (429, 429), "one node lets in what the other does not");
}

/// However fast the disk is, it is packed for longer than it takes to see that and to say stop.
const LARGE_BOOK_BYTES: u64 = 400_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_seen_and_stopped_from_a_node_that_does_not_do_it() {
    let (cluster, _redis) = shared().await;
    let (desk, worker) = (cluster.node("desk", 0), cluster.node("worker", 1));
    let client = cluster.sign_in(&desk).await;
    let group = cluster.group(&desk, &client, "GRP").await;
    let large = packer::builder::Book::epub3().title("Large").creator("Ada").padding(LARGE_BOOK_BYTES, 7).build();
    let release = client.upload(desk.port, &large).await;
    until_status(&client, desk.port, &release, "draft").await;
    pack(&client, desk.port, &release, &group).await;
    let running = until(async || {
        let jobs = client.get(desk.port, "/api/v1/jobs?state=running").await.json();
        jobs["items"].as_array()?.iter().find(|job| job["kind"] == "pack").cloned()
    });
    let job = running.await.expect("it is not seen at work");
    let path = format!("/api/v1/jobs/{}/cancel", job["id"].as_str().unwrap());
    client.send(desk.port, "POST", &path, &Value::Null).await.expect(202);
    let start = Instant::now();
    let ended = until(async || {
        let job = client.get(desk.port, &format!("/api/v1/jobs/{}", job["id"].as_str()?)).await.json();
        matches!(job["state"].as_str()?, "cancelled" | "done").then_some(job)
    });
    let ended = ended.await.expect("the job does not end");
    assert_eq!(ended["state"], "cancelled", "{ended}");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    // The worker goes on with what comes next.
    let next = client.upload(worker.port, &book("Next")).await;
    until_status(&client, desk.port, &next, "draft").await;
}
