//! What happens at one node is known at the others.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{
    client::{Answer, Client},
    cluster::{Cluster, Node, book, database, pack, until, until_status},
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
const BURST: u32 = 10;
/// The time after which it lets one more through.
const ONE_MORE: Duration = Duration::from_secs(6);
/// How far the clock of Redis, which counts in milliseconds, and ours go apart meanwhile.
const CLOCKS: Duration = Duration::from_millis(50);

/// A wrong password: the instants between which it was counted, and the answer.
struct Attempt {
    from: Instant,
    to: Instant,
    answer: Answer,
}

impl Attempt {
    async fn at(node: &Node) -> Self {
        let wrong = serde_json::json!({ "username": "nobody-here", "password": "not the password" });
        let from = Instant::now();
        let answer = Client::default().send(node.port, "POST", "/api/v1/sessions", &wrong).await;
        Self { from, to: Instant::now(), answer }
    }

    /// Whether it was let through, as it must be when it is counted together with the `before` that were, from the first on:
    /// those beyond the burst each some time later. However slow the machine, it is known between which instants it was.
    fn is_let_through(&self, first: &Self, before: u32) -> bool {
        let due = ONE_MORE * (before + 1).saturating_sub(BURST);
        let (least, most) = (self.from.saturating_duration_since(first.to), self.to - first.from);
        let Some(wait) = self.answer.wait() else {
            assert_eq!(self.answer.status, 401, "{}", self.answer);
            assert!(most + CLOCKS >= due, "{before} before it, after {most:?} at most: {}", self.answer);
            return true;
        };
        assert!(least < due + CLOCKS, "{before} before it, after {least:?} at least: {}", self.answer);
        let (shortest, longest) = (due.saturating_sub(most + CLOCKS), (due + CLOCKS).saturating_sub(least));
        let (shortest, longest) = (shortest.as_secs_f64().ceil(), longest.as_secs_f64().ceil());
        assert!((shortest..=longest).contains(&wait.as_secs_f64()), "not {shortest} to {longest} s: {}", self.answer);
        false
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_are_counted_together() {
    let (cluster, _redis) = shared().await;
    let nodes = [cluster.node("one", 0), cluster.node("other", 0)];
    let first = Attempt::at(&nodes[0]).await;
    assert_eq!(first.answer.status, 401, "{}", first.answer);
    let (mut let_through, mut refused_by) = (1_u32, [false; 2]);
    for turn in 1.. {
        let node = turn % 2;
        let attempt = Attempt::at(&nodes[node]).await;
        let is_let_through = attempt.is_let_through(&first, let_through);
        let_through += u32::from(is_let_through);
        refused_by[node] |= !is_let_through;
        if refused_by == [true; 2] {
            break;
        }
        assert!(let_through < 2 * BURST, "nobody is refused within {:?}", first.from.elapsed());
    }
    println!("{let_through} wrong passwords were let through in {:?}", first.from.elapsed());
    assert!(let_through >= BURST, "whoever forgot which password it was is turned away after {let_through}");
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
