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

/// Attempts at one account that a house lets through at once.
const BURST: usize = 10;
/// The time after which it lets one more through.
const ONE_MORE: Duration = Duration::from_secs(6);

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_are_counted_together() {
    let (cluster, _redis) = shared().await;
    let nodes = [cluster.node("one", 0), cluster.node("other", 0)];
    let wrong = serde_json::json!({ "username": "nobody-here", "password": "not the password" });
    let start = Instant::now();
    let mut let_through = 0;
    let refused = loop {
        let port = nodes[let_through % 2].port;
        let answer = Client::default().send(port, "POST", "/api/v1/sessions", &wrong).await;
        if answer.status == 429 {
            break answer;
        }
        answer.expect(401);
        let_through += 1;
        // Nodes that each count for themselves would let all of these through.
        assert!(let_through < 2 * BURST, "each node counts for itself");
    };
    let meanwhile = usize::try_from(start.elapsed().as_secs() / ONE_MORE.as_secs()).unwrap();
    println!("{let_through} wrong passwords were let through in {:?}", start.elapsed());
    assert!(let_through >= BURST, "whoever forgot which password it was is turned away after {let_through}");
    assert!(let_through <= BURST + meanwhile, "{let_through} in {:?}", start.elapsed());
    let again = Client::default().send(nodes[let_through % 2].port, "POST", "/api/v1/sessions", &wrong).await;
    let same = Client::default().send(nodes[(let_through + 1) % 2].port, "POST", "/api/v1/sessions", &wrong).await;
    for answer in [refused, again, same] {
        let seconds: u64 = answer.header("retry-after").unwrap_or_default().parse().unwrap_or_default();
        assert!((1..=ONE_MORE.as_secs()).contains(&seconds), "{answer}");
        answer.expect(429);
    }
}

/// However fast the disk is, it is packed for longer than it takes to see that and to say stop.
const LARGE_BOOK_BYTES: u64 = 400_000_000;
/// Longer than that takes, on a busy machine.
const TOLD_WITHIN: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_seen_and_stopped_from_a_node_that_does_not_do_it() {
    let (cluster, _redis) = shared().await;
    let (desk, worker) = (cluster.node("desk", 0), cluster.node("worker", 1));
    let client = cluster.sign_in(&desk).await;
    let group = cluster.group(&desk, &client, "GRP").await;
    let large = packer::builder::Book::epub3().title("Large").creator("Ada").padding(LARGE_BOOK_BYTES, 7).build();
    let release = client.upload(desk.port, &large).await;
    until_status(&client, desk.port, &release, "draft").await;
    let mut events = client.events(desk.port).await;
    pack(&client, desk.port, &release, &group).await;
    let further = tokio::time::timeout(TOLD_WITHIN, events.until_further(&release)).await;
    let [before, after] = further.expect("the other node does not tell how far it is");
    println!("told from {} to {} of {}", before["progress"], after["progress"], after["stage"]);
    let job = after["id"].as_str().unwrap();
    let listed = client.get(desk.port, "/api/v1/jobs?state=running").await.json();
    let listed = listed["items"].as_array().unwrap().iter().find(|listed| listed["id"].as_str() == Some(job));
    assert_eq!(listed.expect("it is not in the list")["kind"], "pack");
    let path = format!("/api/v1/jobs/{job}/cancel");
    client.send(desk.port, "POST", &path, &Value::Null).await.expect(202);
    let start = Instant::now();
    let ended = until(async || {
        let job = client.get(desk.port, &format!("/api/v1/jobs/{job}")).await.json();
        matches!(job["state"].as_str()?, "cancelled" | "done").then_some(job)
    });
    let ended = ended.await.expect("the job does not end");
    assert_eq!(ended["state"], "cancelled", "{ended}");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    // The worker goes on with what comes next.
    let next = client.upload(worker.port, &book("Next")).await;
    until_status(&client, desk.port, &next, "draft").await;
}
