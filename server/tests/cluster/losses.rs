//! Each part of a cluster is lost and comes back, under work: nothing acknowledged is lost, and nobody has to help.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{
    client::Client,
    cluster::{Cluster, book, database, pack, until, until_status},
    kept::packages_that_are_whole,
    ledger::AtWork,
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
    let ports = [one.port, other.port];
    let at_work = AtWork::begin(&ports, &group).await;
    at_work.until_more().await;
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
    at_work.until_more().await;

    redis.restart();
    let back = until(async || {
        let health = client.get(one.port, "/api/health").await.json();
        (health["services"]["cache"] == "healthy").then_some(())
    });
    assert!(back.await.is_some(), "Redis is not found again");
    assert_eq!(newcomer.get(one.port, "/api/v1/jobs").await.status, 401);
    client.get(other.port, "/api/v1/jobs").await.expect(200);
    at_work.until_more().await;
    let ledger = at_work.end().await;
    println!("Redis was lost: {ledger}");
    ledger.compare(&cluster, &client, &ports).await;
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
    let ports = [one.port, other.port];
    let at_work = AtWork::begin(&ports, &group).await;
    at_work.until_more().await;
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
    at_work.until_more().await;
    let ledger = at_work.end().await;
    println!("the primary was lost: {ledger}");
    assert!(ledger.refused > 0, "nobody was writing while the database was away");
    ledger.compare(&cluster, &client, &ports).await;
}

/// How long a job is left to a worker of which nothing is heard.
const LEASE: Duration = Duration::from_secs(30);
/// How long others take to look, on a busy machine.
const LOOK: Duration = Duration::from_secs(5);
/// It is packed for long enough to be struck in the midst of it.
const LARGE_BOOK_BYTES: u64 = 200_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn the_job_of_a_worker_that_was_killed_is_done_by_another_within_the_lease() {
    const NAMES: [&str; 2] = ["first", "second"];
    let (redis, database) = (Redis::start(), database().await.0);
    let cluster = Cluster::new(&[("DATABASE_URL", database.clone()), ("REDIS_URL", redis.url())]);
    let desk = cluster.node("desk", 0);
    let client = cluster.sign_in(&desk).await;
    let group = cluster.group(&desk, &client, "GRP").await;
    let large = packer::builder::Book::epub3().title("Long").creator("Ada").padding(LARGE_BOOK_BYTES, 7).build();
    let mut workers = NAMES.map(|name| cluster.worker(name));
    let release = client.upload(desk.port, &large).await;
    until_status(&client, desk.port, &release, "draft").await;
    pack(&client, desk.port, &release, &group).await;
    let at_it = cluster.until_one_packs(&NAMES).await;
    workers[at_it].process.kill();
    let killed = Instant::now();
    let jobs = client.get(desk.port, "/api/v1/jobs?state=running").await.json();
    let job = &jobs["items"][0];
    assert_eq!((job["kind"].as_str(), job["attempts"].as_u64()), (Some("pack"), Some(1)), "{jobs}");
    let path = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap());
    let taken_over = until(async || {
        let job = client.get(desk.port, &path).await.json();
        (job["attempts"] == 2).then(|| killed.elapsed())
    });
    let taken_over = taken_over.await.expect("nobody takes it over");
    println!("the other worker has the job {taken_over:?} after the first was killed");
    assert!(taken_over < LEASE + LOOK, "{taken_over:?}");
    let packed = until_status(&client, desk.port, &release, "packed").await;
    assert_eq!(packed["packages"].as_array().unwrap().len(), 1, "{packed}");
    let whole = packages_that_are_whole(&database, &cluster, std::slice::from_ref(&release)).await;
    assert_eq!(packed["packages"][0]["id"], whole[&release].as_str());
}
