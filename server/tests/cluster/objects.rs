//! An object store that every node reads: used, in trouble, and stalled.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{
    client::{Client, FILE_NAME},
    cluster::{Cluster, Node, book, database, pack, until_status},
    gate::{Gate, Way},
    ledger::AtWork,
    services::{Redis, variable},
    tables::Tables,
};

/// The most that a person waits for an answer while the store is stalled: less than nginx waits for a node.
const LONGEST_ANSWER: Duration = Duration::from_secs(50);

/// Nodes whose blobs are in a bucket behind a gate.
pub(crate) struct Shelf {
    pub(crate) cluster: Cluster,
    pub(crate) gate: Gate,
    pub(crate) _redis: Redis,
}

impl Shelf {
    pub(crate) async fn new() -> Self {
        let bucket = format!("books-{:032x}", rand::random::<u128>());
        let endpoint = variable("TEST_S3_ENDPOINT");
        let port = endpoint.rsplit(':').next().unwrap().parse().unwrap();
        Client::default().try_send(port, "PUT", &format!("/{bucket}"), &[], &[]).await.unwrap().expect(200);
        let (gate, redis) = (Gate::before(port).await, Redis::start());
        let cluster = Cluster::new(&[
            ("DATABASE_URL", database().await.0),
            ("REDIS_URL", redis.url()),
            ("BLOB_URL", format!("s3://{bucket}/ours")),
            ("BLOB_ENDPOINT", format!("http://127.0.0.1:{}", gate.port)),
            ("BLOB_ACCESS_KEY", "account".to_owned()),
            ("BLOB_SECRET_KEY", "a key of the account".to_owned()),
        ]);
        Self { cluster, gate, _redis: redis }
    }
}

/// Asks for the archive of a release's only package, and finds the book in it byte for byte.
async fn archive_holds(client: &Client, node: &Node, release: &Value, bytes: &[u8]) -> bool {
    let package = release["packages"][0]["id"].as_str().unwrap();
    let archive = client.get(node.port, &format!("/api/v1/packages/{package}/archive")).await.expect(200).body;
    archive.windows(bytes.len()).any(|window| window == bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn books_and_packages_are_in_an_object_store_that_every_node_reads() {
    let Shelf { cluster, gate: _gate, _redis } = Shelf::new().await;
    // One node takes books and gives packages, the other does the work.
    let (desk, worker) = (cluster.node("desk", 0), cluster.node("worker", 1));
    let client = cluster.sign_in(&desk).await;
    let group = cluster.group(&desk, &client, "GRP").await;
    let bytes = book("Far away");
    let release = client.upload(desk.port, &bytes).await;
    until_status(&client, desk.port, &release, "draft").await;
    pack(&client, worker.port, &release, &group).await;
    let packed = until_status(&client, desk.port, &release, "packed").await;
    assert!(archive_holds(&client, &desk, &packed, &bytes).await, "the book is not in its package");
    client.send(desk.port, "DELETE", &format!("/api/v1/releases/{release}"), &Value::Null).await.expect(204);
    client.get(worker.port, &format!("/api/v1/releases/{release}")).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_object_store_is_busy_nothing_is_acknowledged_that_is_not_kept_and_jobs_wait_for_it() {
    let Shelf { cluster, gate, _redis } = Shelf::new().await;
    let (one, other) = (cluster.node("one", 1), cluster.node("other", 1));
    let client = cluster.sign_in(&one).await;
    let group = cluster.group(&one, &client, "GRP").await;
    let bytes = book("Before the trouble");
    let release = client.upload(one.port, &bytes).await;
    until_status(&client, one.port, &release, "draft").await;
    let ports = [one.port, other.port];
    let at_work = AtWork::begin(&ports, &group).await;
    at_work.until_more().await;

    gate.set(Way::Busy);
    pack(&client, other.port, &release, &group).await;
    let refused = client.try_upload(one.port, &book("In the trouble")).await.unwrap();
    assert!(refused.status >= 500, "{refused}");
    let said = refused.json();
    assert!(said["code"].is_string() && !said.to_string().contains("Slow Down"), "{said}");
    // The pages do without the store.
    client.get(other.port, "/api/v1/releases").await.expect(200);
    let health = client.get(one.port, "/api/health").await.json();
    assert_ne!(health["services"]["blobs"], "healthy", "{health}");
    assert!(gate.held() > 0, "nobody asked the store");

    gate.set(Way::Open);
    let packed = until_status(&client, one.port, &release, "packed").await;
    assert_eq!(packed["packages"].as_array().unwrap().len(), 1, "{packed}");
    assert!(archive_holds(&client, &other, &packed, &bytes).await, "the book is not in its package");
    let all = Tables::of(&cluster).await.releases_of_files(FILE_NAME).await;
    assert_eq!(all, [(FILE_NAME.to_owned(), vec![release])].into(), "what was refused is there");
    let again = client.upload(other.port, &book("In the trouble")).await;
    until_status(&client, one.port, &again, "draft").await;
    at_work.until_more().await;
    let ledger = at_work.end().await;
    println!("the object store was busy: {ledger}");
    assert!(ledger.refused > 0, "nobody was writing while the store was busy");
    ledger.compare(&cluster, &client, &ports).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_object_store_stalls_it_is_asked_again_and_the_upload_goes_on() {
    let Shelf { cluster, gate, _redis } = Shelf::new().await;
    let (one, other) = (cluster.node("one", 1), cluster.node("other", 1));
    let client = cluster.sign_in(&one).await;
    let group = cluster.group(&one, &client, "GRP").await;
    let bytes = book("Held up");
    gate.set(Way::Stalled);
    let start = Instant::now();
    let sending = tokio::spawn({
        let (client, bytes, port) = (client.clone(), bytes.clone(), one.port);
        async move { client.try_upload(port, &bytes).await }
    });
    while gate.held() == 0 {
        assert!(start.elapsed() < LONGEST_ANSWER, "nobody asked the store");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Somebody else, too, is held up.
    let (ports, held) = ([one.port, other.port], gate.held());
    let at_work = AtWork::begin(&ports, &group).await;
    while gate.held() == held {
        assert!(start.elapsed() < LONGEST_ANSWER, "nobody else asked the store");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Meanwhile the rest works, and says what is the matter.
    client.get(other.port, "/api/v1/releases").await.expect(200);
    let asked = Instant::now();
    let health = client.get(other.port, "/api/health").await;
    assert!(asked.elapsed() < Duration::from_secs(5), "a probe waits for less: {:?}", asked.elapsed());
    assert_ne!(health.json()["services"]["blobs"], "healthy", "{health}");
    gate.set(Way::Open);
    let release = sending.await.unwrap().unwrap().expect(201).json()["release"].as_str().unwrap().to_owned();
    assert!(start.elapsed() < LONGEST_ANSWER, "{:?}", start.elapsed());
    until_status(&client, other.port, &release, "draft").await;
    pack(&client, other.port, &release, &group).await;
    let packed = until_status(&client, one.port, &release, "packed").await;
    assert!(archive_holds(&client, &other, &packed, &bytes).await, "the book is not in its package");
    at_work.until_more().await;
    at_work.until_more().await;
    let ledger = at_work.end().await;
    println!("the object store stalled: {ledger}");
    ledger.compare(&cluster, &client, &ports).await;
}
