//! The replica falls behind, goes away and comes back: nobody sees old things, and nobody waits for it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use service::freshness::JUST_NOW;

use crate::{
    client::Client,
    cluster::{Cluster, Node, book, pack, until, until_status},
    ledger::AtWork,
    services::{MariaDb, Redis},
};

/// How old what somebody else sees may be: what a replica may lag, and what a node remembers that it read.
const OLDEST: Duration = Duration::from_secs(8);

/// A database of the test's own with its replica: the latter may be stopped.
async fn own_databases() -> (MariaDb, MariaDb) {
    let primary = MariaDb::start();
    let replica = MariaDb::follow(&primary).await;
    (primary, replica)
}

fn nodes(primary: &MariaDb, replica: &MariaDb, redis: &Redis) -> (Cluster, Node, Node) {
    let variables =
        [("DATABASE_URL", primary.url()), ("DATABASE_REPLICA_URL", replica.url()), ("REDIS_URL", redis.url())];
    let cluster = Cluster::new(&variables);
    let (one, other) = (cluster.node("one", 1), cluster.node("other", 1));
    (cluster, one, other)
}

async fn until_replica_is(client: &Client, port: u16, status: &str) -> Value {
    let mut last = Value::Null;
    let found = until(async || {
        last = client.get(port, "/api/health").await.json();
        (last["services"]["replica"]["status"] == status).then(|| last.clone())
    })
    .await;
    found.unwrap_or_else(|| panic!("the replica does not become {status}: {last}"))
}

/// For so long whoever has just come in, and each session after Redis has come, is shown what the primary has; a second
/// more, for it is counted from when the node has heard.
const PRIMARY_ONLY: Duration = JUST_NOW.saturating_add(Duration::from_secs(1));

/// Somebody who has changed nothing for a while: they may be shown what the replica has.
async fn reader(node: &Node, admin: &Client) -> Client {
    let password = "leaves of a folio, uncut";
    let user = json!({ "username": "reader", "password": password, "display_name": "A reader", "role": "admin" });
    admin.send(node.port, "POST", "/api/v1/users", &user).await.expect(201);
    let credentials = json!({ "username": "reader", "password": password });
    let answer = Client::default().send(node.port, "POST", "/api/v1/sessions", &credentials).await.expect(201);
    tokio::time::sleep(PRIMARY_ONLY).await;
    Client::of_session(&answer)
}

async fn groups(client: &Client, node: &Node) -> usize {
    client.get(node.port, "/api/v1/groups").await.expect(200).json().as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_stops_following_is_no_longer_read() {
    let (primary, replica) = own_databases().await;
    let redis = Redis::start();
    let (cluster, one, other) = nodes(&primary, &replica, &redis);
    let writer = cluster.sign_in(&one).await;
    let reader = reader(&one, &writer).await;
    until_replica_is(&writer, other.port, "healthy").await;

    replica.tell("STOP SLAVE SQL_THREAD").await;
    let before = groups(&reader, &other).await;
    cluster.group(&one, &writer, "LATE").await;
    let start = Instant::now();
    while groups(&reader, &other).await == before {
        assert!(start.elapsed() < OLDEST, "somebody else is shown what was {:?} ago", start.elapsed());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let health = until_replica_is(&writer, other.port, "degraded").await;
    assert_eq!(health["status"], "degraded", "{health}");
    let release = writer.upload(one.port, &book("While it lags")).await;
    until_status(&reader, other.port, &release, "draft").await;

    replica.tell("START SLAVE SQL_THREAD").await;
    until_replica_is(&writer, other.port, "healthy").await;
    assert_eq!(groups(&reader, &other).await, before + 1);
}

/// A house in which somebody has made a group that the replica lacks. As long as that counts as one that follows, it is
/// what a session is shown that has changed nothing.
struct Late {
    _databases: (MariaDb, MariaDb),
    redis: Redis,
    cluster: Cluster,
    one: Node,
    other: Node,
    writer: Client,
}

async fn late() -> Late {
    let (primary, replica) = own_databases().await;
    let redis = Redis::start();
    let (cluster, one, other) = nodes(&primary, &replica, &redis);
    let writer = cluster.sign_in(&one).await;
    // Before that everybody is shown what the primary has.
    tokio::time::sleep(PRIMARY_ONLY).await;
    until_replica_is(&writer, other.port, "healthy").await;
    replica.tell("STOP SLAVE SQL_THREAD").await;
    cluster.group(&one, &writer, "LATE").await;
    Late { _databases: (primary, replica), redis, cluster, one, other, writer }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_just_come_in_is_not_shown_what_the_replica_lacks() {
    let late = late().await;
    let newcomer = late.cluster.sign_in(&late.one).await;
    assert_eq!(groups(&newcomer, &late.other).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_changed_something_is_shown_it_though_redis_comes_back_empty() {
    let mut late = late().await;
    late.redis.kill();
    late.redis.restart();
    let start = Instant::now();
    while start.elapsed() < OLDEST {
        assert_eq!(groups(&late.writer, &late.other).await, 1, "{:?} after Redis came back", start.elapsed());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_replica_stops_following_while_people_are_at_work_and_no_request_fails() {
    let (primary, replica) = own_databases().await;
    let redis = Redis::start();
    let (cluster, one, other) = nodes(&primary, &replica, &redis);
    let writer = cluster.sign_in(&one).await;
    let group = cluster.group(&one, &writer, "GRP").await;
    until_replica_is(&writer, other.port, "healthy").await;
    let ports = [one.port, other.port];
    let at_work = AtWork::begin(&ports, &group).await;
    at_work.until_more().await;
    replica.tell("STOP SLAVE SQL_THREAD").await;
    at_work.until_more().await;
    until_replica_is(&writer, other.port, "degraded").await;
    at_work.until_more().await;
    replica.tell("START SLAVE SQL_THREAD").await;
    until_replica_is(&writer, other.port, "healthy").await;
    at_work.until_more().await;
    let ledger = at_work.end().await;
    println!("the replica did not follow: {ledger}");
    assert_eq!(ledger.refused, 0, "somebody was turned away for the replica's sake");
    ledger.compare(&cluster, &writer, &ports).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_replica_is_killed_and_comes_back_and_no_request_fails() {
    let (primary, mut replica) = own_databases().await;
    let redis = Redis::start();
    let (cluster, one, other) = nodes(&primary, &replica, &redis);
    let writer = cluster.sign_in(&one).await;
    let group = cluster.group(&one, &writer, "GRP").await;
    let reader = reader(&one, &writer).await;
    until_replica_is(&writer, other.port, "healthy").await;
    let ports = [one.port, other.port];
    let at_work = AtWork::begin(&ports, &group).await;
    at_work.until_more().await;

    let reading = tokio::spawn({
        let (reader, port) = (reader.clone(), other.port);
        async move {
            let (start, mut longest, mut count) = (Instant::now(), Duration::ZERO, 0_u32);
            while start.elapsed() < Duration::from_secs(10) {
                let asked = Instant::now();
                reader.get(port, "/api/v1/releases").await.expect(200);
                longest = longest.max(asked.elapsed());
                count += 1;
                // As fast as the limit of one person lets it.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            (longest, count)
        }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    replica.kill();
    let release = writer.upload(one.port, &book("Without the replica")).await;
    until_status(&reader, other.port, &release, "draft").await;
    pack(&writer, one.port, &release, &group).await;
    until_status(&reader, other.port, &release, "packed").await;
    let health = until_replica_is(&writer, other.port, "degraded").await;
    assert_eq!(
        (&health["status"], &health["services"]["database"]),
        (&"degraded".into(), &"healthy".into()),
        "{health}"
    );
    let (longest, count) = reading.await.unwrap();
    println!("{count} lists while the replica was killed, the slowest in {longest:?}");
    assert!(count > 0 && longest < Duration::from_secs(5), "{count} requests, the slowest {longest:?}");

    replica.restart();
    until_replica_is(&writer, other.port, "healthy").await;
    at_work.until_more().await;
    let ledger = at_work.end().await;
    println!("the replica was lost: {ledger}");
    assert_eq!(ledger.refused, 0, "somebody was turned away for the replica's sake");
    ledger.compare(&cluster, &writer, &ports).await;
}
