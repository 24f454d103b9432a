//! Each part of a cluster is lost and comes back, under work: nothing acknowledged is lost, and nobody has to help.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{
    client::Client,
    cluster::{Cluster, book, database, pack, until, until_status},
    services::{MariaDb, Redis},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_at_another_node_when_its_own_is_killed() {
    let redis = Redis::start();
    let cluster = Cluster::new(&[("DATABASE_URL", database().await.0), ("REDIS_URL", redis.url())]);
    let (mut one, other) = (cluster.node("one", 1), cluster.node("other", 1));
    let client = cluster.sign_in(&one).await;
    let bytes = packer::builder::Book::epub3().title("Half way").creator("Ada").padding(300_000, 7).build();
    let length = bytes.len().to_string();
    let begin = [("Tus-Resumable", "1.0.0"), ("Upload-Length", &length), ("Upload-Metadata", "filename Ym9vay5lcHVi")];
    let begun = client.try_send(one.port, "POST", "/api/v1/uploads", &begin, &[]).await.unwrap().expect(201);
    let path = begun.header("location").unwrap().to_owned();
    let path = path.find("/api/").map_or(path.clone(), |start| path[start..].to_owned());
    let part = |offset: &'static str| {
        [("Tus-Resumable", "1.0.0"), ("Upload-Offset", offset), ("Content-Type", "application/offset+octet-stream")]
    };
    client.try_send(one.port, "PATCH", &path, &part("0"), &bytes[..200_000]).await.unwrap().expect(204);
    one.process.kill();
    let asked = client.try_send(other.port, "HEAD", &path, &[("Tus-Resumable", "1.0.0")], &[]).await.unwrap();
    assert_eq!(asked.header("upload-offset"), Some("200000"), "{asked}");
    let rest =
        client.try_send(other.port, "PATCH", &path, &part("200000"), &bytes[200_000..]).await.unwrap().expect(204);
    let release = rest.header("upload-release").unwrap().to_owned();
    until_status(&client, other.port, &release, "draft").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_alone_knows_that_the_replica_follows() {
    let (primary, replica) = database().await;
    let cluster = Cluster::new(&[("DATABASE_URL", primary), ("DATABASE_REPLICA_URL", replica)]);
    let worker = cluster.worker("worker");
    let follows = until(async || {
        let health = Client::default().get(worker.port, "/api/health").await.json();
        (health["services"]["replica"]["status"] == "healthy").then_some(())
    });
    assert!(follows.await.is_some(), "unmeasured, the replica counts as gone for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_people_stay_signed_in_and_books_are_packed() {
    let mut redis = Redis::start();
    let cluster = Cluster::new(&[("DATABASE_URL", database().await.0), ("REDIS_URL", redis.url())]);
    let (one, other) = (cluster.node("one", 1), cluster.node("other", 1));
    let client = cluster.sign_in(&one).await;
    let group = cluster.group(&one, &client, "GRP").await;
    redis.kill();
    let release = client.upload(other.port, &book("Without Redis")).await;
    until_status(&client, one.port, &release, "draft").await;
    pack(&client, one.port, &release, &group).await;
    until_status(&client, other.port, &release, "packed").await;
    let health = client.get(one.port, "/api/health").await.expect(200).json();
    assert_eq!((&health["status"], &health["services"]["cache"]), (&"degraded".into(), &"degraded".into()), "{health}");
    let newcomer = cluster.sign_in(&other).await;
    newcomer.send(other.port, "DELETE", "/api/v1/sessions", &Value::Null).await.expect(204);
    assert_eq!(newcomer.get(one.port, "/api/v1/jobs").await.status, 401, "an ended session goes on");

    redis.restart();
    let back = until(async || {
        let health = client.get(one.port, "/api/health").await.json();
        (health["services"]["cache"] == "healthy").then_some(())
    });
    assert!(back.await.is_some(), "Redis is not found again");
    assert_eq!(newcomer.get(one.port, "/api/v1/jobs").await.status, 401);
    client.get(other.port, "/api/v1/jobs").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_primary_is_killed_and_comes_back_and_nothing_acknowledged_is_lost() {
    let mut server = MariaDb::start();
    let cluster = Cluster::new(&[("DATABASE_URL", server.url())]);
    let (one, other) = (cluster.node("one", 1), cluster.node("other", 1));
    let client = cluster.sign_in(&one).await;
    let group = cluster.group(&one, &client, "GRP").await;
    let mut releases = Vec::new();
    for number in 0..6 {
        releases.push(client.upload(one.port, &book(&format!("Kept {number}"))).await);
    }
    until_status(&client, one.port, &releases[0], "draft").await;
    pack(&client, one.port, &releases[0], &group).await;
    server.kill();

    let start = Instant::now();
    let answer = client.get(one.port, "/api/v1/releases").await;
    assert!(answer.status == 503 || answer.status == 500, "{answer}");
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    assert!(!String::from_utf8_lossy(&answer.body).to_lowercase().contains("sql"), "a driver's text: {answer}");
    let start = Instant::now();
    let health = client.get(other.port, "/api/health").await;
    assert!(start.elapsed() < Duration::from_secs(5), "a probe waits for less: {:?}", start.elapsed());
    assert_eq!((health.status, &health.json()["services"]["database"]), (503, &"unhealthy".into()));

    server.restart();
    for release in &releases[1..] {
        until_status(&client, other.port, release, "draft").await;
    }
    until_status(&client, one.port, &releases[0], "packed").await;
    client.get(one.port, "/api/health").await.expect(200);
}
